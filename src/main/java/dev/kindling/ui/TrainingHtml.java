package dev.kindling.ui;

import dev.kindling.network.Architecture;
import dev.kindling.storage.HistoryRow;
import dev.kindling.training.PartitionCost;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the page says of the runs of an application, as HTML; none of it needs a script but drawing and refreshing. */
final class TrainingHtml {
    /** More partitions would not be read. */
    private static final int MOST_PARTITIONS = 20;
    /** More images would make the page too large. */
    private static final int MOST_UNITS = 40;

    private static final int MOST_CLASSES = 20;
    private static final int REFRESH_MILLIS = 2_000;

    private final List<TrainingRun> runs;
    private final TrainingRun run;
    /** Null where the event log has none that fits. */
    private final Architecture architecture;

    /**
     * @param runs all of them
     * @param shown one of them, or null where there is none yet
     */
    TrainingHtml(List<TrainingRun> runs, TrainingRun shown) {
        this.runs = runs;
        this.run = shown;
        this.architecture = shown == null ? null : shown.architecture().orElse(null);
    }

    /** All of the page below Spark's header. */
    Html page() {
        Html page = new Html().add("<link rel='stylesheet' href='static/training.css'>");
        page.add("<script src='static/training.js' defer></script>");
        if (run == null) {
            return page.add(
                    "<div id='training' data-refresh='%s'><p>No run has begun yet: the data is being read.</p></div>",
                    REFRESH_MILLIS);
        }
        boolean refreshes = runs.stream().anyMatch(TrainingRun::isRunning);
        page.add("<div id='training'%s>", refreshes ? Html.of(" data-refresh='%s'", REFRESH_MILLIS) : "");
        page.add("%s%s%s", runTable(), glance(), charts());
        page.add("<div class='k-columns'><div>%s</div><div>%s</div></div>", recentSteps(), partitions());
        page.add("<div class='k-columns'><div>%s</div><div>%s</div></div></div>", hiddenUnits(), confusion());
        page.add("%s", drawing());
        return page;
    }

    private Html runTable() {
        if (runs.size() == 1) {
            return new Html();
        }
        Html rows = new Html();
        for (TrainingRun each : runs) {
            HistoryRow last = each.last();
            HistoryRow evaluation = each.evaluations().isEmpty()
                    ? null
                    : each.evaluations().get(each.evaluations().size() - 1).shown();
            rows.add(
                    "<tr%s><td><a href='?run=%s'>%s</a></td><td>%s</td><td>%s of %s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
                    each.id() == run.id() ? Html.of(" class='k-chosen'") : "",
                    each.id(),
                    each.started().name(),
                    each.status(),
                    count(each.step()),
                    count(each.started().steps()),
                    last == null ? "" : decimal(last.loss()),
                    evaluation == null ? "" : decimal(evaluation.validationLoss()),
                    evaluation == null ? "" : percent(evaluation.validationAccuracy()));
        }
        return Html.of(
                "<h4>Runs</h4><div class='k-scroll'><table class='table table-sm'><thead><tr><th>run</th><th>status</th>"
                        + "<th>step</th><th>loss</th><th>validation loss</th><th>validation accuracy</th></tr></thead>"
                        + "<tbody>%s</tbody></table></div>",
                rows);
    }

    private Html glance() {
        TrainingStarted started = run.started();
        Html list = new Html();
        fact(list, "Status", run.status() + (run.why().isEmpty() ? "" : ": " + run.why()));
        fact(list, "Step", count(run.step()) + " of " + count(started.steps()));
        if (run.last() != null) {
            fact(list, "Loss", decimal(run.last().loss()));
            fact(list, "Accuracy", percent(run.last().accuracy()));
            fact(list, "Learning rate", LineChart.number(run.last().learningRate()));
        }
        if (!Double.isNaN(run.rowsPerSecond())) {
            fact(list, "Rows a second", count(Math.round(run.rowsPerSecond())));
        }
        if (run.isRunning() && !Double.isNaN(run.secondsLeft())) {
            fact(list, "Time left", duration(run.secondsLeft()));
        }
        if (run.last() != null) {
            fact(list, "Time", duration(run.last().seconds()));
        }
        fact(list, "Begun", time(started.time()));
        fact(list, "Network", network());
        fact(list, "Data", started.data());
        fact(
                list,
                "Rows",
                count(started.trainingRows()) + " to train on, " + count(started.validationRows()) + " held out");
        fact(list, "Fingerprint of the rows", started.fingerprint());
        fact(list, "Kernels", started.blas());
        run.digest()
                .ifPresent(digest -> list.add(
                        "<div class='k-wide'><dt>Parameters after step %s</dt><dd>SHA-256 %s</dd></div>",
                        count(run.state().step()), digest));
        return Html.of(
                "<h4>%s</h4><dl class='k-facts'>%s</dl><details><summary>Recipe</summary><dl class='k-facts'>%s</dl>"
                        + "</details>",
                started.name(), list, recipe());
    }

    private static void fact(Html list, String name, String value) {
        list.add("<div><dt>%s</dt><dd>%s</dd></div>", name, value);
    }

    private String network() {
        return architecture == null
                ? run.started().layers()
                : run.started().layers() + ": " + count(architecture.parameters()) + " parameters";
    }

    private Html recipe() {
        Html list = new Html();
        run.started().recipe().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(setting -> fact(list, setting.getKey(), setting.getValue()));
        return list;
    }

    private Html charts() {
        return run.steps().isEmpty()
                ? new Html()
                : Html.of("<h4>Learning</h4><div class='k-charts'>%s</div>%s", new TrainingCharts(run).html(), cost());
    }

    /** Where the time of all steps went, in words. */
    private Html cost() {
        TrainingRun.Cost cost = run.cost();
        double all = cost.gradient() + cost.spark() + cost.validation() + cost.driver();
        return Html.of(
                "<p>Where the time of all steps went: %s into computing gradients, %s into waiting for the slowest task, %s"
                        + " into messages between driver and tasks, %s into validation, and %s into the driver's own work.</p>",
                percent((cost.gradient() - cost.waiting()) / all),
                percent(cost.waiting() / all),
                percent(cost.spark() / all),
                percent(cost.validation() / all),
                percent(cost.driver() / all));
    }

    private Html recentSteps() {
        if (run.recent().isEmpty()) {
            return new Html();
        }
        Html rows = new Html();
        for (TrainingRun.StepJob recent : run.recent()) {
            HistoryRow step = recent.step().shown();
            TrainingRun.Cost cost = recent.step().cost();
            Html job = recent.job() < 0
                    ? new Html()
                    : Html.of("<a href='../jobs/job/?id=%s'>%s</a>", recent.job(), recent.job());
            rows.add(
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
                    count(step.step()),
                    job,
                    decimal(step.loss()),
                    percent(step.accuracy()),
                    count(step.rows()),
                    millis(cost.gradient()),
                    millis(cost.spark()),
                    millis(cost.driver()));
        }
        return Html.of(
                "<h4>Last steps</h4><div class='k-scroll'><table class='table table-sm'><thead><tr><th>step</th>"
                        + "<th>Spark job</th><th>loss</th><th>accuracy</th><th>rows</th><th>gradient</th><th>messages</th>"
                        + "<th>driver</th></tr></thead><tbody>%s</tbody></table></div>",
                rows);
    }

    private Html partitions() {
        List<PartitionCost> all = run.state() == null ? List.of() : run.state().partitions();
        if (all.isEmpty()) {
            return new Html();
        }
        double most = all.stream().mapToDouble(PartitionCost::seconds).max().orElse(0);
        double[] sorted =
                all.stream().mapToDouble(PartitionCost::seconds).sorted().toArray();
        Html rows = new Html();
        all.stream()
                .sorted(Comparator.comparingDouble(PartitionCost::seconds).reversed())
                .limit(MOST_PARTITIONS)
                .sorted(Comparator.comparingInt(PartitionCost::partition))
                .forEach(cost -> rows.add(
                        "<tr><td>%s</td><td>%s</td><td>%s</td><td><meter value='%s' max='%s'></meter></td></tr>",
                        cost.partition(),
                        count(cost.rows()),
                        String.format(Locale.ROOT, "%.2f s", cost.seconds()),
                        cost.seconds(),
                        most));
        return Html.of(
                "<h4>Partitions</h4><p>%s of them. Seconds of computing since training began: %s the least, %s the"
                        + " median, %s the most.%s</p><div class='k-scroll'><table class='table table-sm'><thead><tr><th>partition"
                        + "</th><th>rows read</th><th>seconds</th><th></th></tr></thead><tbody>%s</tbody></table>"
                        + "</div>",
                all.size(),
                String.format(Locale.ROOT, "%.2f", sorted[0]),
                String.format(Locale.ROOT, "%.2f", sorted[sorted.length / 2]),
                String.format(Locale.ROOT, "%.2f", most),
                all.size() > MOST_PARTITIONS ? " These " + MOST_PARTITIONS + " took longest:" : "",
                rows);
    }

    private Html hiddenUnits() {
        if (!run.hasParameters() || architecture.layers() < 2) {
            return new Html();
        }
        Set<Integer> dead = new HashSet<>(run.state().deadUnits());
        int side = (int) Math.round(Math.sqrt(architecture.inputs()));
        Html units = new Html();
        if (side * side == architecture.inputs()) {
            float[] parameters = run.state().parameters();
            int shown = Math.min(MOST_UNITS, architecture.units(0));
            float[][] weights = new float[shown][architecture.inputs()];
            float largest = 0;
            for (int u = 0; u < shown; u++) {
                for (int i = 0; i < architecture.inputs(); i++) {
                    weights[u][i] = parameters[i * architecture.units(0) + u];
                    largest = Math.max(largest, Math.abs(weights[u][i]));
                }
            }
            for (int u = 0; u < shown; u++) {
                units.add(
                        "<figure class='k-unit%s'><img alt='weights of hidden unit %s' src='%s'><figcaption>%s%s"
                                + "</figcaption></figure>",
                        dead.contains(u) ? " k-dead" : "",
                        u,
                        WeightImage.uri(weights[u], side, largest),
                        u,
                        dead.contains(u) ? ", dead" : "");
            }
        }
        return Html.of(
                "<h4>Hidden units</h4><p>%s of %s are dead: each was zero on as many rows in succession as the training"
                        + " set has.%s</p><div class='k-units'>%s</div>",
                dead.size(), architecture.hiddenUnits(), imagesText(side), units);
    }

    private String imagesText(int side) {
        if (side * side != architecture.inputs()) {
            return " Their weights are not shown: the inputs make no square image.";
        }
        String which = architecture.units(0) > MOST_UNITS
                ? "The first " + MOST_UNITS + " of " + architecture.units(0) + " units of the first layer"
                : "The units of the first layer";
        return " " + which + " after step " + count(run.state().step())
                + ": blue weights are below zero, red ones above.";
    }

    private Html confusion() {
        if (run.state() == null || run.state().confusion().length == 0) {
            return new Html();
        }
        long[][] counts = run.state().confusion();
        if (counts.length > MOST_CLASSES) {
            return Html.of(
                    "<h4>Confusion matrix</h4><p>%s classes are too many to show here; the command evaluate writes the matrix.</p>",
                    counts.length);
        }
        Html head = new Html();
        Html rows = new Html();
        for (int actual = 0; actual < counts.length; actual++) {
            head.add("<th>%s</th>", actual);
            long sum = Math.max(1, Arrays.stream(counts[actual]).sum());
            rows.add("<tr><th>%s</th>", actual);
            for (long count : counts[actual]) {
                String share = String.format(Locale.ROOT, "%.2f", Math.sqrt((double) count / sum));
                rows.add("<td style='--k-share:%s'>%s</td>", share, count == 0 ? "" : count);
            }
            rows.add("</tr>");
        }
        return Html.of(
                "<h4>Confusion matrix</h4><p>The %s rows held out, after step %s: a line for each actual class, a column"
                        + " for each predicted one.</p><div class='k-scroll'><table class='k-confusion'><thead><tr><th></th>%s</tr>"
                        + "</thead><tbody>%s</tbody></table></div>",
                count(run.started().validationRows()), count(run.state().confusionStep()), head, rows);
    }

    /** Outside of what is refreshed, so that a drawing stays. */
    private Html drawing() {
        if (architecture == null || architecture.inputs() != DigitServlet.PIXELS) {
            return Html.of(
                    "<h4>Draw a digit</h4><p>A drawing has %s pixels, so only a network with %s inputs can read it.</p>",
                    DigitServlet.PIXELS, DigitServlet.PIXELS);
        }
        Html bars = new Html();
        for (int c = 0; c < architecture.classes(); c++) {
            bars.add(
                    "<tr><th>%s</th><td><meter max='1' value='0'></meter></td><td class='k-probability'></td></tr>", c);
        }
        return Html.of(
                "<h4>Draw a digit</h4><div id='digit' data-run='%s'><noscript><p>Drawing needs JavaScript.</p></noscript>"
                        + "<div><canvas width='280' height='280' aria-label='draw a digit here'></canvas><p>"
                        + "<button type='button' class='btn btn-sm btn-secondary'>Clear</button>"
                        + " <span class='k-answer'>Draw with the mouse or a finger. Nothing is kept.</span></p></div>"
                        + "<table class='k-probabilities'>%s</table>"
                        + "<div><p>Hidden activations</p><div class='k-activations'></div></div></div>",
                run.id(), bars);
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.1f ms", 1e3 * seconds);
    }

    private static String time(long millis) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss zzz", Locale.ROOT)
                .format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    /** 1 h 02 min, 3 min 20 s, 12 s. */
    private static String duration(double seconds) {
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        if (duration.toHours() > 0) {
            return String.format(Locale.ROOT, "%d h %02d min", duration.toHours(), duration.toMinutesPart());
        }
        return duration.toMinutes() > 0
                ? String.format(Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart())
                : duration.toSeconds() + " s";
    }
}

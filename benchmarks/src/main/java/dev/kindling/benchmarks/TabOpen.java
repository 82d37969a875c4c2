package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.data.PackedRows;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import dev.kindling.training.StepListener;
import dev.kindling.training.Trainer;
import dev.kindling.ui.TrainingEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Row 16: a step whose events go to the Training tab, which somebody has open, so that it is fetched again and again, against
 * a step without events. Means, not medians, as drawing the page falls on few steps.
 */
final class TabOpen {
    private static final double BAR = 1.03;
    /** As often as the page's script fetches it. */
    private static final long REFRESH_MILLIS = 2_000;
    /** Differences of a hundredth need many turns. */
    private static final int TURNS = 20;

    /** The code that draws it is to be compiled, as that of the steps is. */
    private static final int WARM_PAGES = 200;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private TabOpen() {}

    static List<Row> rows(Bench bench) {
        List<Row> rows =
                new ArrayList<>(rows(bench, "16", "conf/default.properties", "default", bench.quick() ? 100 : 400));
        String full = "conf/classic.properties, full batch";
        if (bench.quick()) {
            rows.add(Row.notRun("16 b", "a step with its events, " + full, "it takes minutes"));
        } else {
            rows.addAll(rows(bench, "16 b", full, "classic", 100));
        }
        return rows;
    }

    private static List<Row> rows(Bench bench, String number, String what, String name, int steps) {
        Recipe recipe = Repository.recipe(name, "iterations=" + steps);
        try (PackedRows packed = Kindling.pack(bench.spark(), recipe)) {
            Alternation alternation = new Alternation();
            Contestant without = alternation.add(() -> step(packed, new Run(recipe, packed), step -> {}));
            Contestant events = alternation.add(() -> withEvents(bench, packed, recipe));
            Contestant open = alternation.add(() -> withTabOpen(bench, packed, recipe));
            alternation.warmUp(1);
            HttpRequest page = page(bench);
            for (int fetches = 0; fetches < (bench.quick() ? WARM_PAGES / 4 : WARM_PAGES); fetches++) {
                fetch(page);
            }
            alternation.run(bench.quick() ? bench.repetitions() : TURNS);
            String against = ", " + what + ", against a step without events";
            return List.of(
                    Row.within(number, "a step with its events" + against, events.median(), without.median(), BAR),
                    Row.within(
                            number,
                            "a step with its events and the Training tab open" + against,
                            open.median(),
                            without.median(),
                            BAR));
        }
    }

    private static double withTabOpen(Bench bench, PackedRows packed, Recipe recipe) {
        HttpRequest page = page(bench);
        ScheduledExecutorService browser = Executors.newSingleThreadScheduledExecutor();
        try {
            browser.scheduleAtFixedRate(() -> fetch(page), 0, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
            return withEvents(bench, packed, recipe);
        } finally {
            browser.shutdownNow();
        }
    }

    private static HttpRequest page(Bench bench) {
        String ui = bench.spark().sparkContext().uiWebUrl().get();
        return HttpRequest.newBuilder(URI.create(ui + "/training/")).build();
    }

    private static double withEvents(Bench bench, PackedRows packed, Recipe recipe) {
        Run run = new Run(recipe, packed);
        try (TrainingEvents events = new TrainingEvents(bench.spark().sparkContext(), Map.of(run, "benchmark"))) {
            return step(packed, run, events);
        }
    }

    private static void fetch(HttpRequest page) {
        try {
            HttpResponse<byte[]> response = HTTP.send(page, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("found status " + response.statusCode() + " of " + page.uri());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run has ended
        }
    }

    /** Seconds of a step. */
    private static double step(PackedRows packed, Run run, StepListener listener) {
        long start = System.nanoTime();
        new Trainer(packed, run.recipe(), listener).train(run, () -> false);
        return (System.nanoTime() - start) / 1e9 / run.steps();
    }
}

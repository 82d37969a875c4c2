package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class TrainingHtmlTest {
    private static final String LAYERS = "784,10,10";
    private static final String SCRIPT = "<script>alert('1')</script>\"&";

    private static TrainingRun running(String text) {
        return Runs.run(
                Runs.started(1, text, LAYERS, 100), 40, Runs.state(1, 40, LAYERS, 3, 10), TrainingRun.RUNNING, "");
    }

    private static Document page(List<TrainingRun> runs, TrainingRun shown) {
        return Jsoup.parse(new TrainingHtml(runs, shown).page().toString());
    }

    private static Document page(TrainingRun run) {
        return page(List.of(run), run);
    }

    private static String fact(Document page, String name) {
        return page.select("dt").stream()
                .filter(term -> term.text().startsWith(name))
                .map(term -> term.nextElementSibling().text())
                .findFirst()
                .orElse("none");
    }

    @Test
    void atAGlance() {
        Document page = page(running("models/mnist"));
        assertThat(page.select("h4").first().text()).isEqualTo("models/mnist");
        assertThat(fact(page, "Status")).isEqualTo("running");
        assertThat(fact(page, "Step")).isEqualTo("40 of 100");
        assertThat(fact(page, "Rows a second")).isEqualTo("512");
        assertThat(fact(page, "Time left")).isEqualTo("30 s");
        assertThat(fact(page, "Network")).isEqualTo("784,10,10: 7,960 parameters");
        assertThat(fact(page, "Rows")).isEqualTo("512"); // a second
        assertThat(fact(page, "Parameters after step 40")).matches("SHA-256 [0-9a-f]{64}");
    }

    @Test
    void whatComesFromOutsideStaysText() {
        TrainingRun run = Runs.run(
                Runs.started(1, SCRIPT, LAYERS, 9), 5, Runs.state(1, 5, LAYERS, 1, 3), TrainingRun.DIVERGED, SCRIPT);
        Document page = page(List.of(run, running(SCRIPT)), run);
        assertThat(page.select("script").eachAttr("src")).containsExactly("static/training.js");
        assertThat(page.select("script").first().data()).isEmpty();
        assertThat(page.select("h4").eachText()).contains(SCRIPT);
        assertThat(fact(page, "Data")).isEqualTo(SCRIPT);
        assertThat(fact(page, "Status")).isEqualTo("diverged: " + SCRIPT);
        assertThat(fact(page, "Kernels")).isEqualTo(SCRIPT);
        assertThat(fact(page, "seed")).isEqualTo(SCRIPT);
        assertThat(page.select("tbody a").first().text()).isEqualTo(SCRIPT);
    }

    @Test
    void chartsHaveTrainingAndValidationAgainstStepsAndSeconds() {
        Document page = page(running("run"));
        assertThat(page.select("svg").eachAttr("aria-label"))
                .containsExactly(
                        "Loss by step",
                        "Accuracy by step",
                        "Norm of the gradient by step",
                        "Loss by seconds",
                        "Accuracy by seconds",
                        "Milliseconds by step");
        assertThat(page.select("svg").first().select("polyline").eachAttr("points"))
                .extracting(points -> points.split(" ").length)
                .containsExactly(40, 8);
        assertThat(page.select(".k-chart").last().select(".k-legend").text())
                .isEqualTo("gradient 2 messages 4 driver 1");
    }

    @Test
    void aStepLinksToItsJob() {
        Element newest = page(running("run")).select("table a").first();
        assertThat(newest.attr("href")).isEqualTo("../jobs/job/?id=140");
    }

    @Test
    void partitionsShowSkew() {
        Document page = page(running("run"));
        assertThat(page.select("table").get(1).select("tbody tr").eachText())
                .containsExactly("0 0 1.00 s", "1 1,000 2.00 s", "2 2,000 3.00 s");
        assertThat(page.select("meter").get(1).attr("value")).isEqualTo("2.0");
        assertThat(page.select("meter").get(1).attr("max")).isEqualTo("3.0");
    }

    @Test
    void hiddenUnitsAreImagesAndTheDeadOnesMarked() {
        Document page = page(running("run"));
        assertThat(page.select(".k-unit img")).hasSize(10);
        assertThat(page.select(".k-dead figcaption").eachText()).containsExactly("2, dead");
    }

    @Test
    void theConfusionMatrixHasTheActualClassDown() {
        Document page = page(running("run"));
        assertThat(page.select(".k-confusion tbody tr").first().text()).isEqualTo("0 1234");
        assertThat(page.select(".k-confusion tbody tr")
                        .first()
                        .select("td")
                        .get(1)
                        .text())
                .isEqualTo("1234");
    }

    @Test
    void itRefreshesWhileARunGoesOnAndStopsWhenAllHaveEnded() {
        TrainingRun ended =
                Runs.run(Runs.started(2, "b", LAYERS, 5), 5, Runs.state(2, 5, LAYERS, 1, 10), TrainingRun.FINISHED, "");
        assertThat(page(List.of(running("a"), ended), ended).select("#training").attr("data-refresh"))
                .isEqualTo("2000");
        assertThat(page(ended).select("#training").hasAttr("data-refresh")).isFalse();
        assertThat(fact(page(ended), "Time left")).isEqualTo("none");
        assertThat(page(List.of(), null).select("#training").text()).contains("No run has begun yet");
    }

    @Test
    void severalRunsAreListedEach() {
        TrainingRun second = Runs.run(Runs.started(2, "rate 0.2", LAYERS, 9), 0, null, TrainingRun.RUNNING, "");
        Document page = page(List.of(running("rate 0.1"), second), second);
        assertThat(page.select("tbody").first().select("a").eachAttr("href")).containsExactly("?run=1", "?run=2");
        assertThat(page.select(".k-chosen a").text()).isEqualTo("rate 0.2");
        assertThat(fact(page, "Step")).isEqualTo("0 of 9");
    }

    @Test
    void theLargestPageStaysUnder200Kilobytes() {
        String layers = "784,300,100,50,50";
        TrainingRun run = Runs.run(
                Runs.started(1, "wide", layers, 1_000_000),
                100_000,
                Runs.state(1, 100_000, layers, 4_096, 20),
                TrainingRun.RUNNING,
                "");
        byte[] html = new TrainingHtml(List.of(run), run).page().toString().getBytes(StandardCharsets.UTF_8);
        assertThat(html.length).isBetween(50_000, 200_000);
        Document page = Jsoup.parse(new String(html, StandardCharsets.UTF_8));
        assertThat(page.select(".k-unit img")).hasSize(40);
        assertThat(page.select("table").get(1).select("tbody tr")).hasSize(20);
        assertThat(page.select("table").get(1).select("tbody tr").last().text()).startsWith("4095");
    }

    @Test
    void stateThatDoesNotFitTheNetworkIsNotShown() {
        TrainingState other = Runs.state(1, 5, "4,3,2", 1, 2);
        for (String layers : List.of(LAYERS, "no layers")) {
            TrainingRun run = Runs.run(Runs.started(1, "run", layers, 9), 5, other, TrainingRun.RUNNING, "");
            assertThat(page(run).select(".k-unit")).isEmpty();
        }
    }

    @Test
    void parametersOfALargeNetworkAreDigestedInTheEnd() {
        String layers = "784,1300,10";
        TrainingStarted started = Runs.started(1, "run", layers, 5);
        TrainingState state = Runs.state(1, 5, layers, 1, 2);
        assertThat(fact(page(Runs.run(started, 5, state, TrainingRun.RUNNING, "")), "Parameters"))
                .isEqualTo("none");
        assertThat(fact(page(Runs.run(started, 5, state, TrainingRun.FINISHED, "")), "Parameters"))
                .startsWith("SHA-256 ");
    }
}

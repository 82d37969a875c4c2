package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.kindling.cli.Submission;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Training tab of an application that trains all the while, in a browser. */
class TrainingTabBrowserIT {
    /** The folder of the model, and so the name of the run: what would happen if a browser took it for more than text. */
    private static final String NAME =
            "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

    private static final int NARROW = 400;

    @TempDir
    private static Path temporary;

    private static Browser browser;
    private static Submission run;
    private static String spark;
    private static String tab;

    @BeforeAll
    static void trainForEver() throws Exception {
        browser = Browser.start();
        int port = WebServers.freePort();
        run = Submission.start(
                Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
                List.of(
                        "--master",
                        "local[1]", // the browser needs a core too
                        "--conf",
                        "spark.ui.port=" + port,
                        "--conf",
                        "spark.port.maxRetries=0",
                        "--conf",
                        "spark.ui.contentSecurityPolicy.enabled=true",
                        "train",
                        "--iterations",
                        "1000000",
                        "--validation-fraction",
                        "0.1",
                        "--model",
                        temporary + "/" + NAME));
        spark = "http://127.0.0.1:" + port;
        tab = spark + "/training/";
        WebServers.await(tab, "training", run.process());
        run.await("step 1 of");
    }

    @AfterAll
    static void endAll() {
        if (browser != null) {
            browser.close();
        }
        if (run != null) {
            run.process().destroyForcibly();
        }
    }

    @BeforeEach
    void openTheTabOnceThereIsSomethingToSee() {
        browser.resize(1280, 1000);
        Browser.await(
                () -> {
                    browser.open(tab);
                    return browser.step();
                },
                step -> step >= 200);
    }

    @AfterEach
    void theBrowserReportsNoError() {
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void theTabIsOneOfTheApplication() {
        browser.open(spark);
        browser.click(".navbar a[href$='/training/']");
        assertThat(browser.url()).isEqualTo(tab);
        assertThat(browser.read(".navbar .active")).containsExactly("Training");
        assertThat(browser.fact("Status")).isEqualTo("running");
    }

    @Test
    void itIsShownUnderSparksContentSecurityPolicy() throws Exception {
        String version = Jsoup.connect(spark + "/api/v1/version")
                .ignoreContentType(true)
                .execute()
                .body();
        assumeFalse(version.contains("\"4.1."), "Spark 4.1 has none");
        assertThat(Jsoup.connect(tab).execute().header("Content-Security-Policy"))
                .contains("script-src 'self'");
    }

    @Test
    void theLastPointsOfTheChartsMoveByThemselvesAndADrawingStays() {
        browser.drawAOne();
        String drawing = browser.evaluate(String.class, "document.querySelector('#digit canvas').toDataURL()");
        String points = browser.lastPoints();
        assertThat(points).isNotEmpty();
        int step = browser.step();
        Browser.await(browser::lastPoints, now -> !now.equals(points));
        assertThat(browser.step()).isGreaterThan(step);
        assertThat(browser.evaluate(String.class, "document.querySelector('#digit canvas').toDataURL()"))
                .isEqualTo(drawing);
    }

    @Test
    void aOneThatIsDrawnIsTakenForOne() {
        browser.drawAOne();
        List<Double> probabilities = Browser.await(browser::probabilities, now -> !now.isEmpty() && now.get(1) > 0.5);
        assertThat(probabilities).hasSize(10);
        assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-3));
        assertThat(browser.read("#digit .k-answer").get(0)).startsWith("This is a 1, ");
        List<?> activations = browser.evaluate(
                List.class, "[...document.querySelectorAll('#digit .k-activations span')].map((unit) => unit.title)");
        assertThat(activations)
                .hasSize(10)
                .anySatisfy(title -> assertThat(title.toString()).matches("unit \\d: [\\d.]*[1-9][\\d.]*"));
        browser.click("#digit button");
        assertThat(browser.read("#digit .k-answer").get(0)).isEmpty();
    }

    @Test
    void aNameThatIsMarkupStaysText() {
        browser.open(tab);
        assertThat(browser.read("#training h4").get(0)).endsWith("/" + NAME);
        assertThat(browser.title()).doesNotContain("taken").contains("Training");
    }

    @Test
    void nothingIsWiderThanANarrowPage() {
        browser.resize(NARROW, 800);
        browser.open(tab);
        assertThat(browser.evaluate(Long.class, "document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(NARROW);
    }

    @Test
    void chartsAndTablesNeedNoScript() {
        try (Browser plain = Browser.start("--blink-settings=scriptEnabled=false")) {
            plain.open(tab);
            assertThat(plain.read("#training h4")).hasSizeGreaterThan(3);
            assertThat(plain.read("#training .k-facts dd")).contains("running");
            assertThat(plain.read("#training svg"))
                    .hasSize(6)
                    .allSatisfy(text -> assertThat(text).isNotBlank());
            assertThat(plain.read("#training table"))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(text -> assertThat(text).isNotBlank());
            assertThat(plain.read("#digit noscript")).containsExactly("Drawing needs JavaScript.");
        }
    }
}

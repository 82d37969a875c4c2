package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.cli.Submission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Training tab of an application that has ended: where it was open, and in the History Server. */
class HistoryServerBrowserIT {
    private static final int STEPS = 200;

    @TempDir
    private static Path temporary;

    private static Path logs;
    /** Shows the application's own UI since before it ended. */
    private static Browser live;

    private static Browser browser;
    private static String digest;
    private static HistoryServer server;
    private static HistoryServer serverWithoutKindling;

    @BeforeAll
    static void trainToTheEnd() throws Exception {
        live = Browser.start();
        logs = Files.createDirectory(temporary.resolve("logs"));
        Submission run =
                train(live, STEPS, List.of("spark.eventLog.enabled=true", "spark.eventLog.dir=" + logs.toUri()));
        digest = run.result().digest();
        server = new HistoryServer(logs, true);
        serverWithoutKindling = new HistoryServer(logs, false);
        browser = Browser.start();
    }

    /** Begins to train, and opens the tab as soon as it is there. */
    private static Submission train(Browser browser, int steps, List<String> settings) throws Exception {
        int port = WebServers.freePort();
        List<String> arguments = new ArrayList<>(List.of("--master", "local[2]"));
        Stream.concat(Stream.of("spark.ui.port=" + port, "spark.port.maxRetries=0"), settings.stream())
                .forEach(setting -> arguments.addAll(List.of("--conf", setting)));
        arguments.addAll(List.of("train", "--iterations", String.valueOf(steps)));
        arguments.addAll(List.of("--model", temporary + "/model-" + steps));
        Submission run = Submission.start(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), arguments);
        String tab = "http://127.0.0.1:" + port + "/training/";
        WebServers.await(tab, "training", run.process());
        browser.countFetches();
        browser.open(tab);
        return run;
    }

    @AfterAll
    static void endAll() throws Exception {
        for (AutoCloseable each : Arrays.asList(live, browser, server, serverWithoutKindling)) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void thePageThatWasOpenSaysThatTrainingHasEndedAndAsksNoMore() throws InterruptedException {
        // Which of them depends on how long the application lives after training.
        saysAndAsksNoMore(live, Pattern.compile("finished|The application has ended"));
    }

    @Test
    void aPageWhoseApplicationIsKilledSaysSoAndAsksNoMore() throws Exception {
        try (Browser open = Browser.start()) {
            Submission run = train(open, 1_000_000, List.of());
            try {
                Browser.await(open::step, step -> step > 0);
            } finally {
                run.process().destroyForcibly();
            }
            saysAndAsksNoMore(open, Pattern.compile("The application has ended"));
        }
    }

    private static void saysAndAsksNoMore(Browser browser, Pattern words) throws InterruptedException {
        Browser.await(
                () -> browser.read("#training").get(0),
                text -> words.matcher(text).find());
        long asked = browser.fetches();
        assertThat(asked).isPositive();
        TimeUnit.SECONDS.sleep(5); // more than twice as long as between two questions
        assertThat(browser.fetches()).isEqualTo(asked);
    }

    @Test
    void theSameTabIsInTheHistoryServer() throws Exception {
        browser.open(server.application() + "/jobs/");
        browser.click(".navbar a[href$='/training/']");
        assertThat(browser.fact("Status")).isEqualTo("finished");
        assertThat(browser.step()).isEqualTo(STEPS);
        assertThat(browser.fact("Parameters after step " + STEPS)).contains(digest);
        assertThat(browser.read("#training svg")).hasSize(6);
        assertThat(browser.evaluate(String.class, "document.getElementById('training').dataset.refresh"))
                .isNull();
        browser.drawAOne();
        List<Double> probabilities = Browser.await(browser::probabilities, now -> !now.isEmpty() && now.get(1) > 0.5);
        assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-3));
        assertThat(browser.read("#digit .k-answer").get(0)).endsWith("after step " + STEPS + ".");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void theHistoryCommandShowsTheSame() throws Exception {
        int port = WebServers.freePort();
        Submission history = Submission.start(
                Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
                List.of("history", logs.toString(), "--port", String.valueOf(port)));
        try {
            String application = HistoryServer.application("http://127.0.0.1:" + port, history.process());
            WebServers.await(application + "/training/", digest, history.process());
        } finally {
            history.process().destroy();
        }
        assertThat(history.result().out()).contains("event logs of " + logs + " at http://localhost:" + port);
    }

    @Test
    void withoutKindlingsJarTheRestOfTheApplicationIsThere() throws Exception {
        String application = serverWithoutKindling.application();
        for (String page : List.of("jobs", "stages", "storage", "environment", "executors", "SQL")) {
            Document document = Jsoup.connect(application + "/" + page + "/").get();
            assertThat(document.select(".navbar .active").text()).as(page).isNotEmpty();
            assertThat(document.select("a[href$=/training/]")).as(page).isEmpty();
        }
        assertThat(Jsoup.connect(application + "/jobs/").get().text()).contains("Completed Jobs");
    }
}

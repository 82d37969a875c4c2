package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.cli.Submission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With all that Spark has to keep others out: who may look sees the Training tab and may draw, and who may not is refused there
 * as on Spark's own pages, while the application runs and in the History Server.
 */
class WhoMayLookClusterIT {
    private static final String MAY_NOT_LOOK = "bob";
    private static final List<String> SPARKS_PAGES = List.of("/jobs/", "/stages/", "/environment/", "/executors/");
    private static final List<String> OUR_PAGES =
            List.of("/training/", "/training/json/", "/training/static/training.js", "/training/static/training.css");

    /** The History Server sends whoever asks first for an application to the same place again. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @TempDir
    private static Path temporary;

    private static Path logs;
    private static Submission run;
    private static String url;

    @BeforeAll
    static void beginToTrain() throws Exception {
        logs = Files.createDirectory(temporary.resolve("logs"));
        int port = WebServers.freePort();
        url = "http://127.0.0.1:" + port;
        List<String> arguments = new ArrayList<>(List.of("--master", "local-cluster[2,1,1024]"));
        arguments.addAll(List.of("--driver-class-path", HistoryServer.FILTERS));
        for (String setting : List.of(
                "spark.authenticate=true",
                "spark.authenticate.secret=quiet",
                "spark.network.crypto.enabled=true",
                "spark.io.encryption.enabled=true",
                "spark.ui.filters=" + NamedUser.class.getName(),
                "spark.acls.enable=true",
                "spark.ui.view.acls=" + NamedUser.MAY_LOOK,
                "spark.user.groups.mapping=",
                "spark.ui.port=" + port,
                "spark.port.maxRetries=0",
                "spark.eventLog.enabled=true",
                "spark.eventLog.dir=" + logs.toUri())) {
            arguments.addAll(List.of("--conf", setting));
        }
        arguments.addAll(List.of("train", "--iterations", "10000000", "--model", temporary + "/model"));
        run = Submission.start(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), arguments).await("step 1 of");
    }

    @AfterAll
    static void endIt() {
        run.process().destroyForcibly();
    }

    /** One test, because the log of the application is there when it has ended. */
    @Test
    void onlyWhoMayLookSeesTheTabAndDrawsInTheDriverAndInTheHistoryServer() throws Exception {
        // Parameters come with an event.
        WebServers.await(url + "/training/json/", "parametersSha256", run.process());
        assertDoors(url);
        run.process().destroy();
        assertThat(run.result().exitCode()).isEqualTo(143);
        try (HistoryServer server = HistoryServer.withNamedUsers(logs)) {
            assertDoors(server.application());
        }
    }

    private static void assertDoors(String application) throws IOException, InterruptedException {
        for (List<String> pages : List.of(SPARKS_PAGES, OUR_PAGES)) {
            for (String page : pages) {
                assertThat(get(NamedUser.MAY_LOOK, application + page)).as(page).isEqualTo(200);
                assertThat(get(MAY_NOT_LOOK, application + page)).as(page).isEqualTo(403);
            }
        }
        assertThat(draw(NamedUser.MAY_LOOK, application).body()).contains("probabilities");
        assertThat(draw(MAY_NOT_LOOK, application).statusCode()).isEqualTo(403);
    }

    private static int get(String user, String url) throws IOException, InterruptedException {
        return send(request(user, url)).statusCode();
    }

    private static HttpResponse<String> draw(String user, String application) throws IOException, InterruptedException {
        String pixels = Arrays.stream(new double[784]).mapToObj(String::valueOf).collect(Collectors.joining(","));
        return send(request(user, application + "/training/digit/")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"run\":1,\"pixels\":[" + pixels + "]}")));
    }

    private static HttpRequest.Builder request(String user, String url) {
        return HttpRequest.newBuilder(URI.create(url)).header(NamedUser.HEADER, user);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

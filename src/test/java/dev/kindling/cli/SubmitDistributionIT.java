package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.cli.Submission.Result;
import dev.kindling.ui.WebServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** submit.sh with {@code SPARK_HOME}: a whole Spark distribution, as users of a cluster have one. */
class SubmitDistributionIT {
    private static Path distribution;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void findTheDistribution() throws IOException {
        distribution = Submission.distribution();
    }

    private static Submission start(List<String> options, String... arguments) throws IOException {
        return start(Map.of("SPARK_LOCAL_IP", "127.0.0.1", "SPARK_HOME", distribution.toString()), options, arguments);
    }

    private static Submission start(Map<String, String> environment, List<String> options, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(arguments));
        return Submission.start(environment, all);
    }

    private static List<String> withoutUi(String master) {
        return List.of("--master", master, "--conf", "spark.ui.enabled=false");
    }

    @Test
    void itTrainsToTheSameBitsAndEvaluatesToTheSameNumbersAsTheEmbeddedSpark()
            throws IOException, InterruptedException {
        Map<String, String> embedded = Map.of("SPARK_LOCAL_IP", "127.0.0.1");
        String model = temporary.resolve("model").toString();
        String[] train = {"train", "--iterations", "30", "--model", model, "--overwrite"};
        Result expected = start(embedded, withoutUi("local[2]"), train).result();
        Result cluster = start(withoutUi("local-cluster[2,1,1024]"), train).result();
        assertThat(cluster.digest()).isEqualTo(expected.digest());
        assertThat(cluster.out()).contains("on local-cluster[2,1,1024]");
        // A user's options of the JVM leave Kindling's own as they are, which keep Spark's log quiet.
        List<String> plain = new ArrayList<>(withoutUi("local[2]"));
        plain.addAll(List.of("--driver-java-options", "-Dkindling.kernels=java"));
        Result local = start(plain, train).result();
        assertThat(local.digest()).isEqualTo(expected.digest());
        assertThat(local.out()).contains("on local[2]", "plain Java");
        assertThat(local.err()).doesNotContain(" INFO ", " WARN ");

        String[] evaluate = {"evaluate", "--model", model};
        Result numbers = start(embedded, withoutUi("local[2]"), evaluate).result();
        Result found = start(withoutUi("local[2]"), evaluate).result();
        assertThat(found.exitCode()).as(found.err()).isZero();
        assertThat(found.out()).contains("of 10,000 rows").isEqualTo(numbers.out());
    }

    @Test
    void itsUiHasTheTrainingTabWhileARunTrains() throws IOException, InterruptedException {
        int port = WebServers.freePort();
        String ui = "http://127.0.0.1:" + port;
        List<String> options =
                List.of("--master", "local[2]", "--conf", "spark.ui.port=" + port, "--conf", "spark.port.maxRetries=0");
        Path model = temporary.resolve("a run of its own");
        Submission run = start(options, "train", "--iterations", "1000000", "--model", model.toString());
        try {
            run.await("step 1 of");
            String tab = WebServers.await(ui + "/training/", model.toString(), run.process());
            assertThat(tab).contains("running", "<svg");
            String applications = ui + "/api/v1/applications/";
            String id = new ObjectMapper()
                    .readTree(WebServers.await(applications, "\"id\"", run.process()))
                    .get(0)
                    .get("id")
                    .asText();
            WebServers.await(applications + id + "/environment", distribution + "/jars/", run.process());
        } finally {
            run.process().destroyForcibly();
        }
    }
}

package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/cluster.md for Kubernetes, with Spark's own client. */
class KubernetesDistributionIT {
    /** A block of commands that names a master on Kubernetes. */
    private static final Pattern COMMAND =
            Pattern.compile("```\n((?:(?!```).)*?k8s://(?:(?!```).)*)```", Pattern.DOTALL);

    @TempDir
    private Path temporary;

    private Path distribution;
    private KubernetesStandIn kubernetes;

    @BeforeEach
    void start() throws IOException {
        distribution = Submission.distribution();
        kubernetes = new KubernetesStandIn(distribution, temporary);
    }

    @AfterEach
    void end() {
        kubernetes.close();
    }

    /** The command of the docs for a deploy mode, word for word. */
    private static String documented(String deployMode) throws IOException {
        Matcher commands = COMMAND.matcher(Files.readString(Submission.REPOSITORY.resolve("docs/cluster.md")));
        List<String> found = new ArrayList<>();
        while (commands.find()) {
            found.add(commands.group(1));
        }
        return found.stream()
                .filter(command -> command.contains("--deploy-mode cluster") == deployMode.equals("cluster"))
                .findFirst()
                .orElseThrow();
    }

    /** Runs it as a shell does, but for the names of places that are not here. */
    private Submission run(String command, Map<String, String> places) throws IOException {
        String here = command.replace("https://api.example.com:6443", kubernetes.url());
        for (Map.Entry<String, String> place : places.entrySet()) {
            assertThat(here).contains(place.getKey());
            here = here.replace(place.getKey(), place.getValue());
        }
        return Submission.shell(Map.of("SPARK_LOCAL_IP", "127.0.0.1", "SPARK_HOME", distribution.toString()), here);
    }

    /** The client gives up after 10 s, which is little where several suites share two cores. */
    private static String patient(String client) {
        return " --conf spark.kubernetes." + client + ".connectionTimeout=60000 --conf spark.kubernetes." + client
                + ".requestTimeout=60000";
    }

    @Test
    void inDeployModeClusterTheDriverIsAPodOfTheImageWithTheTemplate() throws IOException, InterruptedException {
        Submission.Result result = run(
                        documented("cluster"), Map.of("--name kindling", "--name kindling" + patient("submission")))
                .result();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode spec = kubernetes.pods("driver").get(0).get("spec");
        JsonNode driver = spec.at("/containers/0");
        assertThat(driver.get("image").asText()).isEqualTo("registry.example.com/kindling:0.1.0");
        assertThat(driver.get("args").toString())
                .contains("\"dev.kindling.cli.Main\",\"local:///opt/spark/jars/kindling-0.1.0.jar\",\"train\"");
        assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(driver.at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(spec.get("serviceAccountName").asText()).isEqualTo("spark");
        assertThat(driver.get("env").toString()).contains("\"OPENBLAS_NUM_THREADS\",\"value\":\"1\"", "/var/spark");
    }

    @Test
    @Tag("long")
    void inDeployModeClientExecutorsArePodsAndTheResultIsThatOfOneMachine() throws IOException, InterruptedException {
        Path model = temporary.resolve("model");
        Map<String, String> places = Map.of(
                "export SPARK_HOME=/opt/spark\n",
                "",
                "driver.example.com",
                "127.0.0.1",
                "--num-executors 8 --executor-cores 4 --executor-memory 4g",
                "--num-executors 2 --executor-cores 1 --executor-memory 1g",
                "spark.driver.port=7078",
                "spark.ui.enabled=false",
                "spark.driver.blockManager.port=7079",
                "spark.driver.bindAddress=127.0.0.1",
                "--data s3a://bucket/mnist --model s3a://bucket/model",
                "--iterations 30 --model " + model);
        String digest = run(documented("client"), places).result().digest();
        assertThat(kubernetes.pods("executor")).hasSize(2).allSatisfy(pod -> {
            JsonNode executor = pod.at("/spec/containers/0");
            assertThat(executor.get("image").asText()).isEqualTo("apache/spark:4.2.0-scala2.13-java17-ubuntu");
            assertThat(executor.at("/resources/requests/memory").asText()).isEqualTo("1408Mi");
            assertThat(executor.get("env").toString()).contains("\"OPENBLAS_NUM_THREADS\",\"value\":\"1\"");
            assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
        });
        assertThat(digest)
                .isEqualTo(Submission.undisturbed("30", temporary.resolve("local"))
                        .result()
                        .digest());
    }
}

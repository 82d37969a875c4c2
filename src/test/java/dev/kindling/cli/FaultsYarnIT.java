package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.cli.Submission.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** YARN and HDFS: data, models and checkpoints are there, and processes are killed. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FaultsYarnIT {
    private static final String STEPS = "1000";
    private static final String HOME = "/user/" + YarnCluster.USER + "/";

    @TempDir
    private static Path shared;

    private static String distribution;
    private static YarnCluster cluster;
    private static FileSystem files;
    private static String undisturbed;

    @BeforeAll
    static void startTheDaemonsAndRunUndisturbed() throws Exception {
        distribution = Submission.distribution().toString();
        Submission local = Submission.undisturbed(STEPS, shared.resolve("model"));
        cluster = new YarnCluster(shared);
        files = cluster.files("data/mnist");
        undisturbed = local.result().digest();
    }

    @AfterAll
    static void endAllProcesses() throws Exception {
        cluster.end();
    }

    @BeforeEach
    void startTwoNodes() throws IOException {
        cluster.startNodes();
    }

    @AfterEach
    void noProcessStaysBehind() throws InterruptedException, ExecutionException {
        cluster.awaitQuiet();
    }

    private static Submission submit(String deployMode, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--master", "yarn", "--deploy-mode", deployMode));
        for (String setting : List.of(
                "spark.ui.enabled=false",
                "spark.executor.instances=2",
                "spark.executor.memory=1g",
                "spark.driver.memory=600m",
                "spark.yarn.am.memory=256m",
                "spark.yarn.appMasterEnv.SPARK_LOCAL_IP=127.0.0.1",
                "spark.yarn.jars=local:" + distribution + "/jars/*")) {
            all.addAll(List.of("--conf", setting));
        }
        all.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(cluster.environment());
        environment.putAll(Map.of("SPARK_HOME", distribution, "HADOOP_USER_NAME", YarnCluster.USER));
        return Submission.start(environment, all);
    }

    private static Submission train(String deployMode, String model, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("train", "--data", "mnist", "--iterations", STEPS));
        all.addAll(List.of("--model", model, "--checkpoint-every", "290"));
        all.addAll(List.of(options));
        return submit(deployMode, all.toArray(String[]::new));
    }

    private static List<String> names(String folder) throws IOException {
        return Stream.of(files.listStatus(new org.apache.hadoop.fs.Path(HOME + folder)))
                .map(FileStatus::getPath)
                .map(org.apache.hadoop.fs.Path::getName)
                .filter(name -> !name.equals(".sparkStaging"))
                .sorted()
                .toList();
    }

    /** In client mode the driver lives on when an application master dies. Paths without a scheme are those of HDFS. */
    @Test
    void aRunOutlivesItsApplicationMasterAndANodeAndItsModelIsReadInBothModes()
            throws IOException, InterruptedException, ExecutionException {
        Submission run = train("client", "client").await("step 100 of");
        Submission.signal("KILL", cluster.running("ExecutorLauncher"));
        run.await("step 400 of");
        for (ProcessHandle process : cluster.nodeWithout(cluster.running("ExecutorLauncher"))) {
            Submission.signal("KILL", process);
        }
        assertThat(run.result().digest()).isEqualTo(undisturbed);
        assertThat(names("client.checkpoints")).containsExactly("step-000000290", "step-000000580", "step-000000870");

        cluster.awaitQuiet();
        cluster.startNodes();
        Result evaluated = submit(
                        "client", "evaluate", "--data", "mnist", "--model", "client", "--output", "evaluation")
                .result();
        assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("of 10,000 rows");
        assertThat(names("evaluation")).contains("evaluation.json", "predictions.parquet", "confusion-matrix.svg");
        Result predicted = submit(
                        "cluster",
                        "predict",
                        "--data",
                        files.getUri() + HOME + "mnist/t10k-images-idx3-ubyte.gz",
                        "--model",
                        files.getUri() + HOME + "client",
                        "--output",
                        "predictions.csv")
                .result();
        assertThat(predicted.exitCode()).as(predicted.err()).isZero();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                files.open(new org.apache.hadoop.fs.Path(HOME + "predictions.csv")), StandardCharsets.UTF_8))) {
            assertThat(lines.lines()).hasSize(1 + 10_000);
        }
    }

    /** In cluster mode the driver is the application master, and YARN starts another. */
    @Test
    void aDriverThatYarnStartsAgainGoesOnFromItsCheckpoints() throws IOException, InterruptedException {
        Submission run = train("cluster", "models/cluster");
        while (!files.exists(new org.apache.hadoop.fs.Path(HOME + "models/cluster.checkpoints/step-000000290"))) {
            assertThat(run.process().isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Submission.signal("KILL", cluster.running("ApplicationMaster"));
        Result result = run.result();
        String printed = cluster.printed("stdout");
        assertThat(result.exitCode())
                .as(result.err() + printed + cluster.printed("stderr"))
                .isZero();
        assertThat(printed).contains("goes on after step ", "parameters in models/cluster, SHA-256 " + undisturbed);
        assertThat(names("models")).containsExactly("cluster", "cluster.checkpoints");

        Result second = train("cluster", "models/cluster", "--resume").result();
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(cluster.printed("stderr"))
                .contains("kindling: " + files.getUri() + HOME + "models/cluster: exists already");
        Result forbidden = train("client", "/elsewhere").result();
        forbidden.failsWith(1, "/elsewhere: cannot write there: ", "Permission denied: user=alice");
    }
}

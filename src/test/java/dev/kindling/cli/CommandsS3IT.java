package dev.kindling.cli;

import static dev.kindling.cli.InProcess.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.cli.Submission.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose data, models and checkpoints are on S3, through hadoop-aws, and what they ask of it. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class CommandsS3IT {
    private static final String STEPS = "300";

    @TempDir
    private static Path temporary;

    private static S3Server server;
    private static S3Store store;
    private static FileSystem files;
    private static String undisturbed;

    @BeforeAll
    static void startAndRunOnLocalFiles() throws Exception {
        server = new S3Server();
        store = server.store();
        SparkSession spark = SparkTest.session();
        server.set(spark.sparkContext().hadoopConfiguration());
        files = path("").getFileSystem(spark.sparkContext().hadoopConfiguration());
        files.copyFromLocalFile(new org.apache.hadoop.fs.Path(Submission.REPOSITORY + "/data/mnist"), path("mnist"));
        undisturbed = ok("train", "--iterations", STEPS, "--model", temporary + "/model")
                .digest();
    }

    @AfterAll
    static void stop() throws Exception {
        files.close();
        server.stop();
    }

    @BeforeEach
    void forget() {
        store.live();
        store.takeRequests();
    }

    private static org.apache.hadoop.fs.Path path(String key) {
        return new org.apache.hadoop.fs.Path(S3Server.ROOT + key);
    }

    private static Result ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    private static String read(String key) throws IOException {
        try (InputStream in = files.open(path(key))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** How many requests there were for objects whose keys match. */
    private static void asked(List<String> requests, String key, int most) {
        List<String> asked = requests.stream()
                .filter(request -> request.matches("\\w+ " + key))
                .toList();
        assertThat(asked).as(key).hasSizeBetween(1, most);
    }

    @Test
    void whatIsTrainedEvaluatedAndPredictedIsTheSameAsOnLocalFiles() throws IOException {
        String model = S3Server.ROOT + "models/mnist";
        Result trained = ok(
                "train",
                "--data",
                S3Server.ROOT + "mnist",
                "--iterations",
                STEPS,
                "--checkpoint-every",
                "100",
                "--model",
                model);
        assertThat(trained.digest()).isEqualTo(undisturbed);
        List<String> requests = store.takeRequests();
        asked(requests, "mnist/train-images-idx3-ubyte.gz", 10);
        asked(requests, "mnist/train-labels-idx1-ubyte.gz", 10);
        assertThat(store.keys("models/mnist.checkpoints/"))
                .hasSize(6)
                .contains("models/mnist.checkpoints/step-000000300/checkpoint.parquet");
        run("train", "--iterations", "1", "--model", model).failsWith(1, "models/mnist: exists already");
        asked(store.takeRequests(), ".*", 10);

        assertThat(ok(
                                "evaluate",
                                "--data",
                                S3Server.ROOT + "mnist",
                                "--model",
                                model,
                                "--output",
                                S3Server.ROOT + "evaluation")
                        .out())
                .contains("of 10,000 rows");
        asked(store.takeRequests(), "models/mnist/.*parquet", 15);
        assertThat(store.keys("evaluation/"))
                .contains("evaluation/evaluation.json", "evaluation/predictions.parquet/_SUCCESS");

        String data = "/t10k-images-idx3-ubyte.gz";
        ok("predict", "--data", "data/mnist" + data, "--model", temporary + "/model", "--output", temporary + "/p.csv");
        ok(
                "predict",
                "--data",
                S3Server.ROOT + "mnist" + data,
                "--model",
                model,
                "--output",
                S3Server.ROOT + "predictions.csv");
        assertThat(read("predictions.csv")).isEqualTo(Files.readString(temporary.resolve("p.csv")));
        String folder = S3Server.ROOT + "predictions";
        for (String option : List.of("--probabilities", "--overwrite")) {
            ok("predict", "--data", S3Server.ROOT + "mnist" + data, "--model", model, "--output", folder, option);
        }
        assertThat(SparkTest.session().read().parquet(folder).count()).isEqualTo(10_000);
        assertThat(store.keys()).noneMatch(key -> key.contains("/."));
    }

    @Test
    void whatATableCostsDoesNotGrowWithItsPages() {
        SparkSession spark = SparkTest.session();
        for (String rows : List.of("10", "20000")) {
            spark.range(40_000)
                    .select(
                            functions.expr("id % 2").as("label"),
                            functions.rand(1).as("x"),
                            functions.rand(2).as("y"))
                    .coalesce(1)
                    .write()
                    .option("parquet.page.row.count.limit", rows)
                    .parquet(S3Server.ROOT + "table-" + rows);
            store.takeRequests();
            ok(
                    "train",
                    "--data",
                    S3Server.ROOT + "table-" + rows,
                    "--label",
                    "label",
                    "--iterations",
                    "5",
                    "--model",
                    S3Server.ROOT + "models/table-" + rows);
            asked(store.takeRequests(), "table-" + rows + "/part.*", 25);
        }
    }

    @Test
    void aTableOfTextIsReadInFewRequests() throws IOException {
        files.copyFromLocalFile(
                new org.apache.hadoop.fs.Path(Submission.REPOSITORY + "/examples/iris.csv"), path("iris.csv"));
        store.takeRequests();
        String model = S3Server.ROOT + "models/iris";
        ok("train", "--data", S3Server.ROOT + "iris.csv", "--iterations", "5", "--model", model);
        asked(store.takeRequests(), "iris.csv", 30);
        ok(
                "predict",
                "--data",
                S3Server.ROOT + "iris.csv",
                "--model",
                model,
                "--output",
                S3Server.ROOT + "iris-out.csv");
        asked(store.takeRequests(), "iris.csv", 30);
        assertThat(read("iris-out.csv").lines()).hasSize(151);
    }

    /** In processes of their own, which are given hadoop-aws as users give it. */
    @Test
    void aRunThatIsKilledWhileItPublishesIsResumedAndItsModelFinishedByTheNextCommand()
            throws IOException, InterruptedException {
        String model = S3Server.ROOT + "models/killed";
        Submission first = train("killed");
        kill(first, "COPY models/killed[.]checkpoints/step-000000200/checkpoint[.]parquet");
        assertThat(store.keys()).noneMatch(key -> key.endsWith("killed.checkpoints/step-000000200/checkpoint.parquet"));
        Submission second = train("killed", "--resume").await("goes on after step 200");
        kill(second, "COPY models/killed/provenance[.]parquet");
        assertThat(store.keys()).noneMatch(key -> key.endsWith("killed/provenance.parquet"));

        Result evaluated = ok("evaluate", "--data", S3Server.ROOT + "mnist", "--model", model);
        assertThat(evaluated.err())
                .contains("models/killed: a command was killed while it replaced this; its new one is complete");
        assertThat(ok("describe", "--model", model).out()).contains(undisturbed);
        assertThat(store.keys("models/")).noneMatch(key -> key.contains("/."));
    }

    private static Submission train(String model, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--master", "local-cluster[2,1,1024]"));
        arguments.addAll(List.of("--jars", Submission.jarsIn("s3")));
        arguments.addAll(List.of("--conf", "spark.ui.enabled=false"));
        arguments.addAll(server.options());
        arguments.addAll(List.of("train", "--data", S3Server.ROOT + "mnist", "--iterations", STEPS));
        arguments.addAll(List.of("--checkpoint-every", "100", "--model", S3Server.ROOT + "models/" + model));
        arguments.addAll(List.of(more));
        return Submission.start(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), arguments);
    }

    /** When a change comes that is not done any more. */
    private static void kill(Submission run, String change) throws IOException, InterruptedException {
        store.holdFrom(request -> request.matches(change));
        store.awaitHeld();
        Submission.signal("KILL", run.process());
        store.live();
        store.anHourPasses();
    }
}

package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.SparkTest;
import dev.kindling.cli.Submission.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands end to end: submit.sh in a process of its own, real Spark, real MNIST. A process takes ten seconds, so what
 * needs none is in {@link CommandsTest}.
 */
class SubmitIT {
    private static final List<String> LOCAL = List.of("--conf", "spark.ui.enabled=false", "--master", "local[2]");
    private static final List<String> TRAIN = List.of("train", "--iterations", "30");

    /** A user may choose Spark's other serialiser. */
    private static final String KRYO = "spark.serializer=org.apache.spark.serializer.KryoSerializer";

    @TempDir
    private static Path shared;

    private static String trained;
    private static Result training;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void trainOnMnist() throws IOException, InterruptedException {
        trained = shared.resolve("model").toString();
        training = submit(with(TRAIN, "--model", trained));
        assertThat(training.exitCode()).as(training.err()).isZero();
    }

    private static Result submit(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        return Submission.start(environment, arguments).result();
    }

    /** An mvn that fails shows that a build that is up to date starts no Maven. */
    private static Result submit(List<String> arguments) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(shared.resolve("bin"));
        Path maven = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho 'Maven was started' >&2\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        return submit(
                Map.of("PATH", bin + ":" + System.getenv("PATH"), "SPARK_LOCAL_IP", "127.0.0.1"),
                with(LOCAL, arguments.toArray(String[]::new)));
    }

    private static List<String> with(List<String> options, String... arguments) {
        return Stream.concat(options.stream(), Stream.of(arguments)).toList();
    }

    private static Result inProcess(List<String> arguments) {
        return InProcess.run(arguments.toArray(String[]::new));
    }

    private String pathWithoutMaven() throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("bin-without-maven"));
        for (String tool : List.of("bash", "env", "dirname", "java", "cat", "readlink")) {
            Path target = Stream.of(System.getenv("PATH").split(":"))
                    .map(folder -> Path.of(folder, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            Path script = Files.writeString(bin.resolve(tool), "#!/bin/sh\nexec " + target + " \"$@\"\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        return bin.toString();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !List.of("out", "err").contains(name))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void trainSaysWhatItDoesAndReplacesAModelOnlyWhenTold() {
        assertThat(training.out())
                .contains("60,000 rows of 784 features")
                .contains("step 1 of 30, loss 2.")
                .contains("step 30 of 30, ")
                .containsPattern("parameters in .*model, SHA-256 [0-9a-f]{64}");
        Result again = inProcess(with(TRAIN, "--model", trained));
        again.failsWith(1, "model: exists already", "--overwrite");
        assertThat(again.out()).doesNotContain("step 1");
    }

    @Test
    void partitionsMastersAndKernelsChangeNoBit() throws IOException, InterruptedException {
        String other = temporary.resolve("model").toString();
        Result quiet = inProcess(with(TRAIN, "--model", other, "--quiet", "--partitions", "5"));
        assertThat(quiet.exitCode()).as(quiet.err()).isZero();
        assertThat(quiet.out()).doesNotContain("step 1").hasLineCount(2);
        assertThat(quiet.digest()).isEqualTo(training.digest());
        assertThat(left()).containsExactly("model");

        for (List<String> options : List.of(
                List.of("--master", "local-cluster[2,1,1024]"),
                List.of(
                        "--master",
                        "local-cluster[2,1,1024]",
                        "--conf",
                        KRYO,
                        "--conf",
                        "spark.speculation=true",
                        "--conf",
                        "spark.speculation.interval=10ms",
                        "--conf",
                        "spark.speculation.multiplier=1",
                        "--conf",
                        "spark.speculation.quantile=0.1",
                        "--conf",
                        "spark.speculation.minTaskRuntime=0"),
                List.of("--master", "local[1]", "--driver-java-options", "-Dkindling.kernels=java"))) {
            List<String> train = with(TRAIN, "--model", other, "--overwrite");
            Result changed = submit(with(options, train.toArray(String[]::new)));
            assertThat(changed.digest()).isEqualTo(training.digest());
        }
        assertThat(left()).containsExactly("model");
    }

    @Test
    void evaluateCountsAndDrawsWhatTheModelPredicts() throws IOException, InterruptedException {
        String output = temporary.resolve("evaluation").toString();
        Result evaluate = submit(List.of("--conf", KRYO, "evaluate", "--model", trained, "--output", output));
        assertThat(evaluate.exitCode()).as(evaluate.err()).isZero();
        checkAgainstPredictions(evaluate.out(), output);
        CommandsTest.checkPictures(output, "confusion-matrix", "mistakes");
        CommandsTest.checkPictures(trained, "learning-curve");
        assertThat(left()).containsExactly("evaluation");
    }

    @Test
    void withoutFontsTheNumbersAreWrittenAndALineSaysWhatToInstall() throws IOException, InterruptedException {
        Path none = Files.writeString(temporary.resolve("fonts.conf"), "<fontconfig></fontconfig>");
        Map<String, String> environment = Map.of("FONTCONFIG_FILE", none.toString(), "SPARK_LOCAL_IP", "127.0.0.1");
        // The JVM keeps what it has found in the user's home.
        List<String> options = with(LOCAL, "--driver-java-options", "-Duser.home=" + temporary);
        String output = temporary.resolve("evaluation").toString();
        Result evaluate = submit(environment, with(options, "evaluate", "--model", trained, "--output", output));
        assertThat(evaluate.exitCode()).as(evaluate.err()).isZero();
        assertThat(evaluate.err()).contains("found no fonts", "apt-get install fontconfig fonts-dejavu-core");
        assertThat(evaluate.err() + evaluate.out()).doesNotContain("\tat ");
        assertThat(Path.of(output, "evaluation.json")).exists();
        assertThat(Path.of(output, "confusion-matrix.png")).doesNotExist();
        Result samples = submit(environment, with(options, "samples", "--output", output + "2"));
        samples.failsWith(1, "found no fonts");
        assertThat(samples.out()).contains("label ");
    }

    @Test
    void aRunThatIsInterruptedSavesItsStepAndTheCommandItPrintsGoesOnToTheSameBits()
            throws IOException, InterruptedException {
        String model = temporary.resolve("model").toString();
        List<String> train = List.of("train", "--iterations", "300", "--model", model);
        Submission interrupted = Submission.start(
                        Map.of("SPARK_LOCAL_IP", "127.0.0.1"), with(LOCAL, train.toArray(String[]::new)))
                .await("step 1 of 300");
        interrupted.process().destroy(); // SIGTERM, to the JVM that submit.sh has become
        Result ended = interrupted.result();
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(143);
        String said = ended.err();
        assertThat(said).contains("kindling: interrupted").doesNotContain("\tat ");
        Matcher saved = Pattern.compile("kindling: step (\\d+) is saved in .*model.checkpoints; go on with: (.*)\n")
                .matcher(said);
        assertThat(saved.find()).as(said).isTrue();
        assertThat(said.lines().filter(line -> line.startsWith("kindling: "))).hasSize(2);
        assertThat(left()).containsExactly("model.checkpoints");

        inProcess(train).failsWith(1, "holds checkpoints of a run", "--resume", "--overwrite");
        inProcess(List.of("train", "--iterations", "301", "--model", model, "--resume"))
                .failsWith(1, "another recipe, --iterations 300 there, 301 here");

        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        Process resumed = new ProcessBuilder("bash", "-c", saved.group(2))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(resumed.waitFor()).as(Files.readString(err)).isZero();
        String goneOn = Files.readString(out);
        assertThat(goneOn)
                .contains("goes on after step " + saved.group(1) + " from ")
                .contains("step 300 of 300");
        Result through = inProcess(with(train, "--overwrite"));
        assertThat(through.digest()).isEqualTo(new Result(0, goneOn, "").digest());
    }

    @Test
    void aComparisonThatIsInterruptedLeavesNothing() throws IOException, InterruptedException {
        Submission tune = Submission.start(
                Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
                List.of("--master", "local[2]", "tune", "--output", temporary + "/tuning"));
        tune.await("step 1 of");
        tune.process().destroy(); // SIGTERM
        Result interrupted = tune.result();
        assertThat(interrupted.exitCode()).isEqualTo(143);
        assertThat(interrupted.err()).isEqualTo("kindling: interrupted\n");
        assertThat(left()).isEmpty();
    }

    private static void checkAgainstPredictions(String printed, String output) throws IOException {
        List<Row> rows = SparkTest.session()
                .read()
                .parquet(output + "/predictions.parquet")
                .collectAsList();
        assertThat(rows).hasSize(10_000);
        assertThat(rows.stream().map(row -> row.<Long>getAs("id")).distinct()).hasSize(10_000);
        long[][] counts = new long[10][10];
        int correct = 0;
        for (Row row : rows) {
            int label = row.getAs("label");
            int prediction = row.getAs("prediction");
            counts[label][prediction]++;
            correct += label == prediction ? 1 : 0;
            assertThat(row.<Float>getAs("probability")).isBetween(0.1f, 1f);
        }
        assertThat(correct).isGreaterThan(8_000);
        assertThat(printed).contains(String.format("(%,d of 10,000 rows)", correct));
        JsonNode json =
                new ObjectMapper().readTree(Path.of(output, "evaluation.json").toFile());
        for (int actual = 0; actual < 10; actual++) {
            StringBuilder cells = new StringBuilder(" *" + actual);
            for (int predicted = 0; predicted < 10; predicted++) {
                assertThat(json.get("confusionMatrix")
                                .get(actual)
                                .get(predicted)
                                .asLong())
                        .isEqualTo(counts[actual][predicted]);
                cells.append(" +").append(counts[actual][predicted]);
            }
            assertThat(printed).containsPattern(cells.toString());
        }
    }

    @Test
    void aWrongCommandLineEndsWithTwo() throws IOException, InterruptedException {
        submit(List.of("train", "--learning-rate", "-1")).failsWith(2, "--learning-rate");
        submit(Map.of(), List.of("--master")).failsWith(2, "--master needs a value");
        submit(Map.of(), List.of("--quiet", "train")).failsWith(2, "found '--quiet' before the command");
        submit(Map.of(), List.of("--master", "local[2]")).failsWith(2, "found no command");
        submit(List.of("publish")).failsWith(2, "'publish', expected a command: train, tune, evaluate");
        submit(List.of("evaluate", "--model", temporary + "/none")).failsWith(1, "none: found no model");
    }

    @Test
    void sparksClassesComeFromAnArchiveUnlessTheClassPathIsAnother() throws IOException, InterruptedException {
        assertThat(sourceOfSparkContext()).contains("shared objects file");
        assertThat(sourceOfSparkContext("--driver-class-path", temporary.toString()))
                .contains("spark-core_");
    }

    private String sourceOfSparkContext(String... options) throws IOException, InterruptedException {
        Path log = temporary.resolve("classes");
        List<String> arguments = new ArrayList<>(List.of(options));
        // With a file system named, paths are not looked at before Spark starts.
        arguments.addAll(List.of("--conf", "spark.hadoop.fs.defaultFS=file:///"));
        arguments.addAll(List.of("--driver-java-options", "-Xlog:class+load:file=" + log));
        arguments.addAll(List.of("evaluate", "--model", temporary + "/none"));
        submit(arguments).failsWith(1, "found no model");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" org.apache.spark.SparkContext source"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void withoutABuildAndWithoutMavenItSaysSo() throws IOException, InterruptedException {
        Path copy = Files.createDirectories(temporary.resolve("copy"));
        Files.copy(Submission.REPOSITORY.resolve("submit.sh"), copy.resolve("submit.sh"));
        Path err = temporary.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder("bash", copy.resolve("submit.sh").toString(), "train").redirectError(err.toFile());
        builder.environment().put("PATH", pathWithoutMaven());
        assertThat(builder.start().waitFor()).isEqualTo(1);
        assertThat(Files.readString(err)).contains("found no mvn on the PATH").hasLineCount(1);
    }

    @Test
    void theRunsClassPathIsFreeOfBreeze() throws IOException {
        Path target = Submission.REPOSITORY.resolve("target");
        List<String> names = new ArrayList<>();
        for (String folder : List.of("lib", "spark-" + Submission.sparkVersion() + "/jars")) {
            try (Stream<Path> jars = Files.list(target.resolve(folder))) {
                jars.forEach(jar -> names.add(jar.getFileName().toString()));
            }
        }
        assertThat(names).anyMatch(name -> name.startsWith("spark-core_"));
        assertThat(names).noneMatch(name -> name.startsWith("breeze"));
    }
}

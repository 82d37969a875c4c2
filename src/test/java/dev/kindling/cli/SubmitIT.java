package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.SparkTest;
import dev.kindling.cli.Submission.Result;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands end to end: submit.sh in a process of its own, real Spark, real MNIST. */
class SubmitIT {
    @TempDir
    private Path temporary;

    private static Result submit(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        return Submission.start(environment, arguments).result();
    }

    /** An mvn that fails shows that a build that is up to date starts no Maven. */
    private Result submit(String... arguments) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(temporary.resolve("bin"));
        Path maven = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho 'Maven was started' >&2\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        List<String> all = new ArrayList<>(List.of("--conf", "spark.ui.enabled=false", "--master", "local[2]"));
        all.addAll(List.of(arguments));
        return submit(Map.of("PATH", bin + ":" + System.getenv("PATH"), "SPARK_LOCAL_IP", "127.0.0.1"), all);
    }

    private String pathWithoutMaven() throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("bin-without-maven"));
        for (String tool :
                List.of("bash", "env", "dirname", "find", "grep", "sed", "head", "java", "cat", "readlink")) {
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
                    .filter(name -> !List.of("bin", "out", "err").contains(name))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void trainAndEvaluateOnMnist() throws IOException, InterruptedException {
        String model = temporary.resolve("model").toString();
        Result train = submit("train", "--iterations", "30", "--model", model);
        assertThat(train.exitCode()).as(train.err()).isZero();
        assertThat(train.out())
                .contains("60,000 rows of 784 features")
                .contains("step 1 of 30, loss 2.")
                .contains("step 30 of 30, ")
                .containsPattern("parameters in .*model, SHA-256 [0-9a-f]{64}");

        Result again = submit("train", "--iterations", "30", "--model", model);
        again.failsWith(1, "model: exists already", "--overwrite");
        assertThat(again.out()).doesNotContain("step 1");

        Result quiet =
                submit("train", "--quiet", "--iterations", "30", "--partitions", "5", "--model", model, "--overwrite");
        assertThat(quiet.exitCode()).as(quiet.err()).isZero();
        assertThat(quiet.out()).doesNotContain("step 1").hasLineCount(2);
        assertThat(quiet.digest()).isEqualTo(train.digest());

        for (List<String> options : List.of(
                List.of("--master", "local-cluster[2,1,1024]"),
                List.of(
                        "--master",
                        "local-cluster[2,1,1024]",
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
            List<String> arguments = new ArrayList<>(options);
            arguments.addAll(List.of("train", "--iterations", "30", "--model", model, "--overwrite"));
            Result other = submit(arguments.toArray(String[]::new));
            assertThat(other.digest()).isEqualTo(train.digest());
        }

        String output = temporary.resolve("evaluation").toString();
        Result evaluate = submit("evaluate", "--model", model, "--output", output);
        assertThat(evaluate.exitCode()).as(evaluate.err()).isZero();
        checkAgainstPredictions(evaluate.out(), output);
        checkPictures(output, "confusion-matrix", "mistakes");
        checkPictures(model, "learning-curve");
        assertThat(left()).containsExactly("evaluation", "model");
    }

    private static void checkPictures(String directory, String... names) throws IOException {
        for (String name : names) {
            BufferedImage image = ImageIO.read(Path.of(directory, name + ".png").toFile());
            assertThat(image.getWidth()).isGreaterThan(500);
            assertThat(Files.size(Path.of(directory, name + ".png"))).isLessThan(300_000);
            assertThat(Path.of(directory, name + ".svg"))
                    .content()
                    .contains("<svg")
                    .hasSizeLessThan(300_000);
        }
    }

    @Test
    void theCommandsThatShowDrawAndSayTheSameEveryTime() throws IOException, InterruptedException {
        String pictures = temporary.resolve("pictures").toString();
        Result samples = submit("samples", "--count", "5", "--class", "3", "--output", pictures + "/samples");
        assertThat(samples.exitCode()).as(samples.err()).isZero();
        assertThat(samples.out().lines().filter(line -> line.endsWith(", label 3")))
                .hasSize(5);
        checkPictures(pictures + "/samples", "samples");
        submit("samples", "--output", pictures + "/samples").failsWith(1, "exists already", "--overwrite");

        String json = temporary.resolve("weights.json").toString();
        try (InputStream in = new GZIPInputStream(
                Files.newInputStream(Submission.REPOSITORY.resolve("src/test/resources/numpy/weights.json.gz")))) {
            Files.copy(in, Path.of(json));
        }
        String model = temporary.resolve("model").toString();
        Result imported = submit("import", json, model);
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("layers 784,10,10, 7,960 parameters");

        Result weights = submit("weights", "--model", model, "--output", pictures + "/weights");
        assertThat(weights.exitCode()).as(weights.err()).isZero();
        assertThat(weights.out().lines().filter(line -> line.contains("of 60,000 rows")))
                .hasSize(10);
        checkPictures(pictures + "/weights", "weights");

        Result explain = submit("explain", "--model", model, "--id", "18", "--output", pictures + "/explain");
        assertThat(explain.exitCode()).as(explain.err()).isZero();
        assertThat(explain.out()).contains("label 3", "by backpropagation", "by finite differences", "total    60,000");
        checkPictures(pictures + "/explain", "explain");

        String exported = temporary.resolve("exported.json").toString();
        assertThat(submit("export", model, exported).exitCode()).isZero();
        Result again = submit("import", exported, model, "--overwrite");
        assertThat(again.digest()).isEqualTo(imported.digest());
    }

    @Test
    void withoutFontsTheNumbersAreWrittenAndALineSaysWhatToInstall() throws IOException, InterruptedException {
        Path none = Files.writeString(temporary.resolve("fonts.conf"), "<fontconfig></fontconfig>");
        Map<String, String> environment = Map.of("FONTCONFIG_FILE", none.toString(), "SPARK_LOCAL_IP", "127.0.0.1");
        // The JVM keeps what it has found in the user's home.
        List<String> options = List.of(
                "--master",
                "local[2]",
                "--conf",
                "spark.ui.enabled=false",
                "--driver-java-options",
                "-Duser.home=" + temporary);
        String model = temporary.resolve("model").toString();
        assertThat(submit("train", "--quiet", "--iterations", "3", "--model", model)
                        .exitCode())
                .isZero();
        String output = temporary.resolve("evaluation").toString();
        Result evaluate = submit(environment, with(options, "evaluate", "--model", model, "--output", output));
        assertThat(evaluate.exitCode()).as(evaluate.err()).isZero();
        assertThat(evaluate.err()).contains("found no fonts", "apt-get install fontconfig fonts-dejavu-core");
        assertThat(evaluate.err() + evaluate.out()).doesNotContain("\tat ");
        assertThat(Path.of(output, "evaluation.json")).exists();
        assertThat(Path.of(output, "confusion-matrix.png")).doesNotExist();
        Result samples = submit(environment, with(options, "samples", "--output", output + "2"));
        samples.failsWith(1, "found no fonts");
        assertThat(samples.out()).contains("label ");
    }

    private static List<String> with(List<String> options, String... arguments) {
        return Stream.concat(options.stream(), Stream.of(arguments)).toList();
    }

    @Test
    void aRunThatIsInterruptedSavesItsStepAndTheCommandItPrintsGoesOnToTheSameBits()
            throws IOException, InterruptedException {
        String model = temporary.resolve("model").toString();
        List<String> options = List.of("--conf", "spark.ui.enabled=false", "--master", "local[2]");
        List<String> train = List.of("train", "--iterations", "300", "--model", model);
        Submission interrupted = Submission.start(
                        Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
                        Stream.concat(options.stream(), train.stream()).toList())
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

        submit(train.toArray(String[]::new)).failsWith(1, "holds checkpoints of a run", "--resume", "--overwrite");
        submit("train", "--iterations", "301", "--model", model, "--resume")
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
        Result through = submit("train", "--iterations", "300", "--model", model, "--overwrite");
        assertThat(through.digest()).isEqualTo(new Result(0, goneOn, "").digest());
    }

    @Test
    void checkpointsAreKeptAndWithoutOneThereIsNothingToResume() throws IOException, InterruptedException {
        String model = temporary.resolve("model").toString();
        submit("train", "--model", model, "--resume")
                .failsWith(1, "model.checkpoints: found no checkpoint to --resume");
        Result train = submit(
                "train",
                "--iterations",
                "8",
                "--model",
                model,
                "--checkpoint-every",
                "3",
                "--checkpoint-dir",
                temporary + "/kept",
                "--checkpoints-kept",
                "1",
                "--validation-fraction",
                "0.1",
                "--validate-every",
                "2",
                "--patience",
                "50");
        assertThat(train.exitCode()).as(train.err()).isZero();
        assertThat(train.out())
                .contains("53,856 rows to train on, 6,144 held out for validation")
                .containsPattern("step 8 of 8, .*, validation \\d\\.\\d{4}, 0\\.\\d{4}")
                .containsPattern("on the 6,144 rows held out, with the parameters of step [2468]\n");
        assertThat(left()).containsExactly("kept", "model");
        try (Stream<Path> kept = Files.list(temporary.resolve("kept"))) {
            assertThat(kept.map(path -> path.getFileName().toString())).containsExactly("step-000000006");
        }
        List<Row> history = SparkTest.session()
                .read()
                .parquet(model + "/history.parquet")
                .orderBy("step")
                .collectAsList();
        assertThat(history).hasSize(8);
        assertThat(history.stream().filter(row -> !row.isNullAt(row.fieldIndex("validationLoss"))))
                .hasSize(4);
    }

    @Test
    void tuneComparesDropsWhatDivergesAndSavesTheBestAsTrainWouldHave() throws IOException, InterruptedException {
        String best = temporary.resolve("best").toString();
        String output = temporary.resolve("tuning").toString();
        List<String> recipe = List.of("--iterations", "20", "--weight-decay", "0", "--validate-every", "10");
        List<String> tune = new ArrayList<>(List.of("tune", "--output", output, "--save-best", best));
        tune.addAll(List.of("--learning-rates", "0.02,0.1,1e30", "--seeds", "1,2"));
        tune.addAll(recipe);
        Result tuned = submit(tune.toArray(String[]::new));
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.out())
                .containsPattern("rate 1.0E30 seed 2 drops out: step \\d: ")
                .contains("step 20 of 20, best of 3, loss ")
                .contains("table and picture in " + output);
        assertThat(Files.readAllLines(Path.of(output, "tuning.csv")))
                .filteredOn(line -> !line.contains("1.0E30"))
                .hasSize(1 + 4 * 2);
        assertThat(left()).containsExactly("best", "tuning");

        Matcher first =
                Pattern.compile(" 1  rate (\\S+) seed (\\d)  +accuracy 0\\.").matcher(tuned.out());
        assertThat(first.find()).as(tuned.out()).isTrue();
        List<String> train = new ArrayList<>(List.of("train", "--model", temporary + "/same"));
        train.addAll(List.of("--learning-rate", first.group(1), "--seed", first.group(2)));
        train.addAll(List.of("--validation-fraction", "0.1"));
        train.addAll(recipe);
        assertThat(submit(train.toArray(String[]::new)).digest()).isEqualTo(tuned.digest());

        submit(tune.toArray(String[]::new)).failsWith(1, "tuning: exists already", "--overwrite");
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
        assertThat(interrupted.err().lines().filter(line -> !line.startsWith("WARNING: Using incubator modules")))
                .containsExactly("kindling: interrupted");
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
    void wrongInputIsOneLineAndLeavesNothing() throws IOException, InterruptedException {
        String model = temporary.resolve("model").toString();
        submit("train", "--model", model, "--data", temporary + "/none").failsWith(1, "none: found nothing there");
        submit("train", "--model", model, "--layers", "100,10,10").failsWith(1, "takes 100 inputs", "784 features");
        submit("train", "--model", model, "--layers", "784,10,9").failsWith(1, "label", "0 to 8");
        submit("train", "--model", model, "--partitions", "60001").failsWith(1, "60001", "60000 rows");
        submit("evaluate", "--model", model).failsWith(1, "found no model");
        submit("train", "--model", "/proc/none/model").failsWith(1, "/proc/none/model", "cannot write there");
        assertThat(left()).isEmpty();
    }

    @Test
    void aRunThatDivergesSaysWhereAndWhatToTry() throws IOException, InterruptedException {
        String model = temporary.resolve("model").toString();
        submit("train", "--model", model, "--config", "conf/classic.properties", "--learning-rate", "1e30")
                .failsWith(1, "step 2", "--learning-rate (now ");
        assertThat(left()).isEmpty();
    }

    @Test
    void aWrongCommandLineEndsWithTwo() throws IOException, InterruptedException {
        submit("train", "--learning-rate", "-1").failsWith(2, "--learning-rate");
        submit("tarin").failsWith(2, "tarin");
        submit(Map.of(), List.of("--master")).failsWith(2, "--master needs a value");
        submit(Map.of(), List.of("--quiet", "train")).failsWith(2, "found '--quiet' before the command");
        submit(Map.of(), List.of("--master", "local[2]")).failsWith(2, "found no command");
    }

    @Test
    void verboseAddsTheTrace() throws IOException, InterruptedException {
        Result result = submit("train", "--verbose", "--data", temporary + "/none", "--model", temporary + "/m");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("kindling: ").contains("\tat dev.kindling");
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
        arguments.addAll(List.of("--driver-java-options", "-Xlog:class+load:file=" + log));
        arguments.addAll(List.of("evaluate", "--model", temporary + "/none"));
        submit(arguments.toArray(String[]::new)).failsWith(1, "found no model");
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
        try (Stream<Path> jars = Files.walk(Submission.REPOSITORY.resolve("target"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
            assertThat(names).anyMatch(name -> name.startsWith("spark-core_"));
            assertThat(names).noneMatch(name -> name.startsWith("breeze"));
        }
    }
}

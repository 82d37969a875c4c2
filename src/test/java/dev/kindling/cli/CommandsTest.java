package dev.kindling.cli;

import static dev.kindling.cli.InProcess.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.SparkTest;
import dev.kindling.cli.Submission.Result;
import dev.kindling.data.files.DataFiles;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.Provenance;
import dev.kindling.training.JobProperties;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands do and say on real MNIST, with Spark. What needs a process is in {@link SubmitIT}. */
@Tag("slow")
class CommandsTest {
    @TempDir
    private Path temporary;

    private List<String> left() throws IOException {
        return names(temporary);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static void checkPictures(String directory, String... names) throws IOException {
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
    void aGuestLeavesTheSessionAsItWas() {
        SparkContext context = SparkTest.session().sparkContext();
        SparkTest.session().range(1).count(); // with its first query Spark adds a setting of its own
        List<String> before = settings(context);
        JobProperties none = JobProperties.of(context);
        JobProperties callers = new JobProperties(context, "the caller's", null);
        callers.set();
        try {
            assertThat(run("samples", "--count", "1", "--output", temporary + "/samples")
                            .exitCode())
                    .isZero();
            assertThat(JobProperties.of(context)).isEqualTo(callers);
            run("train", "--model", temporary + "/model", "--data", temporary + "/none")
                    .failsWith(1, "none");
            assertThat(JobProperties.of(context)).isEqualTo(callers);
        } finally {
            none.set();
        }
        assertThat(context.isStopped()).isFalse();
        assertThat(settings(context)).isEqualTo(before);
        assertThat(before)
                .as("what a session of the commands' own has")
                .noneMatch(setting -> setting.contains("spark.broadcast.blockSize"));
    }

    private static List<String> settings(SparkContext context) {
        return Stream.concat(
                        Stream.of(context.getConf().getAll()),
                        Stream.of(SparkTest.session().conf().getAll()))
                .map(Object::toString)
                .toList();
    }

    @Test
    void theCommandsThatShowDrawAndSayTheSameEveryTime() throws IOException {
        String pictures = temporary.resolve("pictures").toString();
        Result samples = run("samples", "--count", "5", "--class", "3", "--output", pictures + "/samples");
        assertThat(samples.exitCode()).as(samples.err()).isZero();
        assertThat(samples.out().lines().filter(line -> line.endsWith(", label 3")))
                .hasSize(5);
        checkPictures(pictures + "/samples", "samples");
        Result others =
                run("samples", "--count", "5", "--class", "3", "--seed", "2", "--output", pictures + "/other-samples");
        assertThat(others.out().lines().filter(line -> line.endsWith(", label 3")))
                .hasSize(5)
                .isNotEqualTo(samples.out().lines().toList().subList(0, 5));
        run("samples", "--output", pictures + "/samples").failsWith(1, "exists already", "--overwrite");

        String json = temporary.resolve("weights.json").toString();
        try (InputStream in = new GZIPInputStream(
                Files.newInputStream(Submission.REPOSITORY.resolve("src/test/resources/numpy/weights.json.gz")))) {
            Files.copy(in, Path.of(json));
        }
        String model = temporary.resolve("model").toString();
        Result imported = run("import", json, model);
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("layers 784,10,10, 7,960 parameters");

        Result weights = run("weights", "--model", model, "--output", pictures + "/weights");
        assertThat(weights.exitCode()).as(weights.err()).isZero();
        assertThat(weights.out().lines().filter(line -> line.contains("of 60,000 rows")))
                .hasSize(10);
        checkPictures(pictures + "/weights", "weights");

        Result explain = run("explain", "--model", model, "--id", "18", "--output", pictures + "/explain");
        assertThat(explain.exitCode()).as(explain.err()).isZero();
        assertThat(explain.out()).contains("label 3", "by backpropagation", "by finite differences", "total    60,000");
        checkPictures(pictures + "/explain", "explain");

        String exported = temporary.resolve("exported.json").toString();
        assertThat(run("export", model, exported).exitCode()).isZero();
        Result again = run("import", exported, model, "--overwrite");
        assertThat(again.digest()).isEqualTo(imported.digest());
    }

    @Test
    void checkpointsAreKeptAndWithoutOneThereIsNothingToResume() throws IOException {
        String model = temporary.resolve("model").toString();
        run("train", "--model", model, "--resume")
                .failsWith(1, "model.checkpoints: found no checkpoint to go on from", "--resume");
        Result train = run(
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
                .containsPattern("step 1 of 8, loss \\d\\.\\d{4}, accuracy \\d\\.\\d{4}\\R")
                .containsPattern("step 8 of 8, .* rows/s, 0 s left\\R")
                .containsPattern("step 8 of 8, .*, validation \\d\\.\\d{4}, 0\\.\\d{4}")
                .containsPattern("on the 6,144 rows held out, with the parameters of step [2468]\n");
        assertThat(left()).containsExactly("kept", "model");
        assertThat(names(temporary.resolve("kept"))).containsExactly("step-000000006");
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
    void aTrainingWhoseModelCannotBeWrittenLeavesACheckpointThatGivesTheSameModel() throws IOException {
        String model = temporary.resolve("model").toString();
        String[] train = {"train", "--iterations", "3", "--model", model, "--partitions", "2"};
        Path inTheWay = Path.of(model);
        Result failed = runWhileSomebodyTakes(List.of(inTheWay), train);
        failed.failsWith(
                1,
                model + ": exists already",
                "the training is not lost: step 3 is saved in " + model + ".checkpoints; go on with: the same command");
        assertThat(names(inTheWay)).isEmpty();
        Files.delete(inTheWay);

        String[] resume = Arrays.copyOf(train, train.length + 1);
        resume[train.length] = "--resume";
        Result resumed = run(resume);
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        Result through = run("train", "--iterations", "3", "--model", temporary + "/through");
        assertThat(resumed.digest()).isEqualTo(through.digest());
    }

    /** Runs a command of three steps, and makes directories in its first step. */
    private static Result runWhileSomebodyTakes(List<Path> places, String... arguments) {
        SparkListener taker = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                try {
                    if (String.valueOf(job.properties().getProperty("spark.job.description"))
                            .startsWith("steps 1 to 3 of 3")) {
                        for (Path place : places) {
                            Files.createDirectory(place);
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        SparkContext context = SparkTest.session().sparkContext();
        context.addSparkListener(taker);
        try {
            return run(arguments);
        } finally {
            context.removeSparkListener(taker);
        }
    }

    @Test
    void aTuningWhoseOutputOrModelCannotBeWrittenPrintsItsComparisonAndLeavesTheModel() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));
        DataFiles.write(data, "train-images-idx3-ubyte", DataFiles.images(600));
        DataFiles.write(data, "train-labels-idx1-ubyte", DataFiles.labels(600));
        String best = temporary.resolve("best").toString();
        String output = temporary.resolve("tuning").toString();
        String tune = "tune --iterations 3 --learning-rates 0.05,0.1 --layers 6,4,10 --data " + data + " --output "
                + output + " --save-best " + best;
        Result expected = run(tune.split(" "));
        assertThat(expected.exitCode()).as(expected.err()).isZero();
        deleteAll(best, output);

        Result withoutModel = runWhileSomebodyTakes(List.of(Path.of(best)), tune.split(" "));
        withoutModel.failsWith(1, best + ": exists already", "the best model is not lost: it is in " + best + ".best");
        assertThat(withoutModel.out()).contains(" 1  rate 0.", "table and picture in " + output);
        assertThat(digest(withoutModel)).isEqualTo(expected.digest());
        assertThat(names(temporary)).containsExactly("best", "best.best", "data", "tuning");
        assertThat(names(Path.of(best))).isEmpty();
        assertThat(run("export", best + ".best", temporary + "/best.json").exitCode())
                .isZero();
        deleteAll(best, best + ".best", output);

        Result withoutTable = runWhileSomebodyTakes(List.of(Path.of(output)), tune.split(" "));
        withoutTable.failsWith(1, output + ": exists already");
        assertThat(withoutTable.out()).contains(" 1  rate 0.");
        assertThat(digest(withoutTable)).isEqualTo(expected.digest());
        assertThat(names(Path.of(best))).contains("provenance.parquet");
        deleteAll(best, output);

        runWhileSomebodyTakes(List.of(Path.of(best), Path.of(best + ".best")), tune.split(" "))
                .failsWith(1, best + ": exists already", "cannot be saved in " + best + ".best either: ");
    }

    /** Of a command that has saved a model and failed. */
    private static String digest(Result failed) {
        return new Result(0, failed.out(), "").digest();
    }

    private static void deleteAll(String... directories) {
        for (String directory : directories) {
            FileUtil.fullyDelete(new File(directory));
        }
    }

    @Test
    void tuneComparesDropsWhatDivergesAndSavesTheBestAsTrainWouldHave() throws IOException {
        String best = temporary.resolve("best").toString();
        String output = temporary.resolve("tuning").toString();
        List<String> recipe = List.of("--iterations", "20", "--weight-decay", "0", "--validate-every", "10");
        List<String> tune = new ArrayList<>(List.of("tune", "--output", output, "--save-best", best));
        tune.addAll(List.of("--learning-rates", "0.02,0.1,1e30", "--seeds", "1,2"));
        tune.addAll(recipe);
        Result tuned = run(tune.toArray(String[]::new));
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.out())
                .containsPattern("rate 1.0E30 seed 2 drops out: step \\d: ")
                .contains("step 20 of 20, best of 3, loss ")
                .contains("table and picture in " + output);
        List<String> evaluations = Files.readAllLines(Path.of(output, "tuning.csv")).stream()
                .filter(line -> !line.contains("1.0E30"))
                .toList();
        assertThat(evaluations).hasSize(1 + 4 * 2);
        assertThat(evaluations.stream().map(line -> line.split(",", -1)[5])) // the losses: no list was ignored
                .doesNotHaveDuplicates();
        assertThat(left()).containsExactly("best", "tuning");

        Matcher first =
                Pattern.compile(" 1  rate (\\S+) seed (\\d)  +accuracy 0\\.").matcher(tuned.out());
        assertThat(first.find()).as(tuned.out()).isTrue();
        List<String> train = new ArrayList<>(List.of("train", "--model", temporary + "/same"));
        train.addAll(List.of("--learning-rate", first.group(1), "--seed", first.group(2)));
        train.addAll(List.of("--validation-fraction", "0.1"));
        train.addAll(recipe);
        assertThat(run(train.toArray(String[]::new)).digest()).isEqualTo(tuned.digest());

        run(tune.toArray(String[]::new)).failsWith(1, "tuning: exists already", "--overwrite");
    }

    /** 120 rows are trained on, and 30 or 15 are held out. */
    @Test
    void aHundredAndFiftyRowsCanBeValidatedAndTuned() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));
        Files.writeString(
                data.resolve("train.csv"),
                "a,b,species\n"
                        + IntStream.range(0, 150)
                                .mapToObj(row -> (row * 7 % 256) + "," + (row % 2 * 200) + "," + row % 2 + "\n")
                                .collect(Collectors.joining()));
        String recipe = " --data " + data + " --layers 2,4,2 --iterations 40 ";
        Result train = run(("train --validation-fraction 0.2 --model " + temporary + "/model" + recipe).split(" "));
        assertThat(train.exitCode()).as(train.err()).isZero();
        assertThat(train.out())
                .contains("120 rows to train on, 30 held out for validation")
                .contains("on the 30 rows held out");
        Result tuned = run(("tune --learning-rates 0.05,0.1 --output " + temporary + "/tuning" + recipe).split(" "));
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.out()).contains("135 rows to train on, 15 held out for validation", " 2  rate 0.");
    }

    @Test
    void anEvaluationOfManyClassesSaysWhereAllOfItIs() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));
        String rows = IntStream.range(0, 120)
                .mapToObj(row -> row % 60 + "," + row + ",7\n")
                .collect(Collectors.joining());
        DataFiles.write(data, "train.csv", rows);
        DataFiles.write(data, "test.csv", rows);
        String model = temporary + "/model";
        run(("train --layers 2,3,60 --iterations 1 --data " + data + " --model " + model).split(" "));
        String evaluate = "evaluate --data " + data + " --model " + model;
        assertThat(run(evaluate.split(" ")).out())
                .contains("60 classes, 60 of them with rows")
                .endsWith("--output DIR writes all of it\n");
        String output = temporary + "/evaluation";
        assertThat(run((evaluate + " --output " + output).split(" ")).out())
                .endsWith("all of it in " + output + "/evaluation.json\n");
        assertThat(new ObjectMapper()
                        .readTree(new File(output, "evaluation.json"))
                        .get("classes"))
                .hasSize(60);
    }

    @Test
    void wrongInputIsOneLineAndLeavesNothing() throws IOException {
        String model = temporary.resolve("model").toString();
        run("train", "--model", model, "--data", temporary + "/none").failsWith(1, "none: found nothing there");
        run("train", "--model", model, "--layers", "100,10,10").failsWith(1, "784 features", "network 100,10,10");
        run("train", "--model", model, "--layers", "784,10,9").failsWith(1, "label", "0 to 8");
        run("train", "--model", model, "--partitions", "60001").failsWith(1, "60001", "60000 rows");
        run("evaluate", "--model", model).failsWith(1, "found no model");
        run("train", "--model", "/proc/none/model").failsWith(1, "/proc/none/model", "cannot write there");
        run("evaluate", "--model", "abfs://none@none/model")
                .failsWith(1, "AzureBlobFileSystem not found", "with --jars before the command");
        assertThat(left()).isEmpty();
    }

    /** Nothing is there to read. */
    @Test
    void aNetworkTooLargeForTheHeapIsRefusedBeforeDataIsRead() throws IOException {
        String settings = " --layers 784,65000,10 --data " + temporary + "/none";
        run(("train --model " + temporary + "/model" + settings).split(" "))
                .failsWith(1, "51,675,010 parameters, 2 tasks a step: found a heap of the driver", "--driver-memory");
        run(("tune --learning-rates 0.1,0.2 --output " + temporary + "/tuning" + settings).split(" "))
                .failsWith(1, "51,675,010 parameters in each of 2 candidates side by side", "--driver-memory");
        assertThat(left()).isEmpty();
    }

    @Test
    void explainPacksTheTrainingSetWithTheSeedOfTheModel() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));
        for (String part : List.of("train", "t10k")) {
            byte[] images = DataFiles.idx(16 * 600, 251, DataFiles.IMAGE_MAGIC, 600, 4, 4);
            DataFiles.write(data, part + "-images-idx3-ubyte", images);
            DataFiles.write(data, part + "-labels-idx1-ubyte", DataFiles.labels(600));
        }
        List<String> shards = new ArrayList<>();
        for (String seed : List.of("1", "1", "2")) {
            String model = temporary + "/model-" + shards.size();
            saveModelOfSeed(seed, model);
            String picture = model + "-picture";
            Result explain =
                    run("explain", "--id", "5", "--model", model, "--data", data.toString(), "--output", picture);
            assertThat(explain.exitCode()).as(explain.err()).isZero();
            shards.add(explain.out().replaceAll("(?s).*shard      rows(.*)total.*", "$1"));
        }
        assertThat(shards.get(0)).contains(" 256 ").isEqualTo(shards.get(1)).isNotEqualTo(shards.get(2));
    }

    /** The same parameters for each seed. */
    private static void saveModelOfSeed(String seed, String directory) {
        Architecture layers = Architecture.parse("16,3,10");
        Provenance none = Provenance.imported("", "");
        Provenance provenance =
                new Provenance(Map.of("seed", seed), "", 0, "", 0, 0, 0, 0, 0, 0, none.environment(), "", none.time());
        ModelStore.save(
                SparkTest.session(),
                ModelStore.open(SparkTest.session(), directory, false, Main::warn),
                new Model(layers, Initialisation.UNIFORM.draw(layers, 4), provenance),
                List.of(),
                more -> {});
    }

    @Test
    void trainingBeginsWithAModelOfImages() {
        String begun = temporary.resolve("begun").toString();
        run("train", "--layers", "784,12,10", "--iterations", "10", "--model", begun);
        String on = temporary.resolve("on").toString();
        Result result = run("train", "--from", begun, "--iterations", "10", "--model", on);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("begins with " + begun + ", SHA-256 ").contains("network 784,12,10");
        Result again = run("train", "--from", begun, "--iterations", "10", "--model", on, "--overwrite");
        assertThat(again.digest()).isEqualTo(result.digest());
        Result further = run("train", "--from", on, "--iterations", "10", "--model", begun, "--overwrite");
        assertThat(further.digest()).isNotEqualTo(result.digest());
        run("train", "--from", on, "--layers", "784,11,10", "--model", begun, "--overwrite")
                .failsWith(1, "--layers: found 784,11,10, expected 784,12,10, those of " + on);
    }

    @Test
    void aRunThatDivergesSaysWhereAndWhatToTry() throws IOException {
        String model = temporary.resolve("model").toString();
        run("train", "--model", model, "--config", "conf/classic.properties", "--learning-rate", "1e30")
                .failsWith(1, "step 2", "--learning-rate (now ");
        assertThat(left()).isEmpty();
    }

    @Test
    void verboseAddsTheTrace() {
        Result result = run("train", "--verbose", "--data", temporary + "/none", "--model", temporary + "/m");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("kindling: ").contains("\tat dev.kindling");
    }
}

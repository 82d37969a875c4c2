package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines that end before Spark starts. */
class MainTest {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path temporary;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void historyNeedsADirectoryThatIsThere() {
        assertThat(Main.run("history", "no/such/directory")).isEqualTo(1);
        assertThat(errors())
                .startsWith("kindling: no/such/directory: found no such directory")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --learning-rat 1      | Unknown options: '--learning-rat'",
                "train --learning-rate 0     | --learning-rate: found 0.0, expected a number above 0",
                "train --learning-rate -1    | --learning-rate: found -1.0, expected a number above 0",
                "train --learning-rate NaN   | --learning-rate: found NaN, expected a number above 0",
                "train --seed one            | Invalid value for option '--seed': 'one' is not a long",
                "train --iterations 0        | --iterations: found 0, expected 1 or more",
                "train --warmup -1           | --warmup: found -1, expected 0 or more",
                "train --batch-size 100      | --batch-size: found 100, expected a multiple of 256",
                "train --batch-size -256     | found '-256', expected a multiple of 256, or 'full'",
                "train --batch-size 0        | found '0', expected a multiple of 256, or 'full'",
                "train --momentum 1          | --momentum: found 1.0, expected 0 to below 1",
                "train --layers 784          | expected at least inputs and classes",
                "train --optimizer sgd       | Invalid value for option '--optimizer'",
                "train --repeat 0            | --repeat: found 0, expected 1 to 1000",
                "train --repeat 1001         | --repeat: found 1001, expected 1 to 1000",
                "train --validation-fraction 1 | --validation-fraction: found 1.0, expected 0 to below 1",
                "train --validate-every 0    | --validate-every: found 0, expected 1 or more",
                "train --patience 3          | --patience: found 3, expected 0 or more, and 0 without a --validation-fraction",
                "train --repeat 2 --validation-fraction 0.1 | --repeat: found 2, expected 1 with a --validation-fraction",
                "train --checkpoint-every -1 | --checkpoint-every: found -1, expected 0 or more",
                "train --checkpoints-kept 0  | --checkpoints-kept: found 0, expected 1 or more",
                "train --partitions 0        | --partitions: found 0, expected 1 or more",
                "train --config              | Missing required parameter for option '--config'",
                "tune --learning-rates 0.1,0.1 | --learning-rates: found [0.1, 0.1], expected each value once",
                "tune --learning-rates 0.1,0 | --learning-rate: found 0.0, expected a number above 0",
                "tune --learning-rates 0.1,x | 'x' is not a double",
                "tune --optimizers adam,sgd  | Invalid value for option '--optimizers'",
                "tune --validation-fraction 0 | --validation-fraction: found 0, expected more",
                "tune --checkpoint-every 3   | Unknown option",
                "tune --partitions 0         | --partitions: found 0, expected 1 or more",
                "evaluate --layers 3,2       | Unknown option",
                "samples --count 0           | --count: found 0, expected 1 to 100",
                "samples --count 101         | --count: found 101, expected 1 to 100",
                "samples --split dev         | Invalid value for option '--split'",
                "explain                     | (--id=NUMBER | --image=FILE | --where=CONDITION)",
                "explain --id 1 --image a    | are mutually exclusive",
                "explain --where a --id 1    | are mutually exclusive",
                "explain --id 1 --class 2    | --class: found without --image",
                "explain --where a --class 2 | --class: found without --image",
                "explain --id 1 --partitions 17 | --partitions: found 17, expected 1 to 16",
                "import weights.json         | Missing required parameter: 'MODEL_DIR'",
                "export models/mnist         | Missing required parameter: 'FILE'",
                "history --port 65536        | --port: found 65536, expected 0 to 65535",
                "trian                       | Unmatched argument at index 0: 'trian', expected a command: train, tune, evaluate, ",
                "publish                     | Unmatched argument at index 0: 'publish', expected a command: train, tune, evaluate, ",
            })
    void aWrongCommandLineEndsWithTwoAndOneLineAndAHint(String line, String message) {
        assertThat(Main.run(line.split(" "))).isEqualTo(2);
        assertThat(errors()).startsWith("kindling: ").contains(message).doesNotContain("\tat ");
        assertThat(errors().lines().count()).isBetween(2L, 3L);
        assertThat(out.size()).isZero();

        String said = errors();
        err.reset();
        assertThat(Main.check(false, line.split(" "))).isEqualTo(2);
        assertThat(errors()).isEqualTo(said);
    }

    @Test
    void aCheckLooksAtPathsOfThisMachineAndAtNoOthers() throws IOException {
        String there = Files.createDirectory(temporary.resolve("there")).toString();
        String none = temporary.resolve("none").toString();
        String model = Files.createDirectory(temporary.resolve("model")).toString();
        Files.createFile(temporary.resolve("model/provenance.parquet"));
        refuses(
                "evaluate --model " + none + " --data " + there,
                none + ": found no model, expected provenance.parquet");
        refuses("evaluate --model file:" + none + " --data " + there, "found no model");
        refuses("evaluate --model " + model + " --data " + none, none + ": found nothing there, expected a directory");
        refuses("train --model " + model + " --data " + there, model + ": exists already; choose another place");
        refuses("train --overwrite --model " + there + " --data " + there, there + ": exists already and holds no");
        refuses("tune --output " + none + " --save-best " + model, model + ": exists already");
        refuses("samples --output " + there + " --data " + there, there + ": exists already and holds no samples.png");
        refuses("weights --output " + none + " --model " + none, "found no model");
        refuses("explain --output " + none + " --model " + model + " --image " + none, none + ": found nothing there");
        refuses("import " + none + " " + none, none + ": found nothing there, expected an ONNX or JSON file");
        refuses("export " + model + " " + model + "/provenance.parquet", "exists already");
        refuses("history " + none, none + ": found nothing there, expected a directory with Spark's event logs");
        String file = model + "/provenance.parquet";
        refuses(
                "samples --output " + none + " --data " + file,
                file + ": found a file, expected the directory it is in");
        refuses("history " + file, file + ": found a file, expected the directory it is in");

        for (String right : List.of(
                "evaluate --model " + model + " --data " + there,
                "train --overwrite --model " + model + " --data " + there,
                "evaluate --model hdfs://host/none --data s3a://bucket/none",
                "export " + model + " " + none)) {
            assertThat(Main.check(true, right.split(" "))).as(right).isZero();
        }
        assertThat(Main.check(false, "evaluate", "--model", none)).isZero();
        assertThat(errors()).isEmpty();
    }

    @Test
    void aModelThatAKillHasLeftUnderAnotherNameIsNotCalledMissing() throws IOException {
        Files.createDirectory(temporary.resolve(".model.0-1-2"));
        String there = temporary.toString();
        assertThat(Main.check(true, "evaluate", "--model", there + "/model", "--data", there))
                .isZero();
    }

    private void refuses(String line, String message) {
        assertThat(Main.check(true, line.split(" "))).as(line).isEqualTo(1);
        assertThat(errors()).startsWith("kindling: ").contains(message).hasLineCount(1);
        err.reset();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learning-rat=1  | found 'learning-rat', expected names of options of train",
                "config=x        | found 'config', expected names of options of train",
                "seed=one        | Invalid value for option '--seed': 'one' is not a long",
                "layers=ten      | expected whole numbers and commas",
                "seed=${sys:x}   | found a variable in 'seed=${sys:x}', expected a value",
                "se\\u12=1        | Malformed",
                "a\\nb\\u001b=1    | found 'a?b?', expected names of options",
            })
    void aWrongConfigFileEndsWithOneAndNamesTheFile(String text, String message) throws IOException {
        Path file = Files.writeString(temporary.resolve("recipe.properties"), text);
        assertThat(Main.run("train", "--config", file.toString())).isEqualTo(1);
        assertThat(errors()).startsWith("kindling: ").contains(file.toString(), message);
        assertThat(errors().lines().count()).isEqualTo(1);
    }

    @Test
    void aConfigFileOfTrainThatHasNothingForTuneIsRefusedByTuneAlone() throws IOException {
        Path file = Files.writeString(temporary.resolve("recipe.properties"), "checkpoint-every=3\nseed=2");
        assertThat(Main.run("tune", "--config", file.toString())).isEqualTo(1);
        assertThat(errors()).contains("found 'checkpoint-every', expected names of options of tune");
        assertThat(Main.run("train", "--config", file.toString(), "--beta1=2")).isEqualTo(2);
    }

    @Test
    void theCommandLineWinsOverTheConfigFile() throws IOException {
        Path file = Files.writeString(temporary.resolve("recipe.properties"), "learning-rate=8");
        assertThat(Main.run("train", "--config", file.toString())).isEqualTo(2);
        assertThat(errors())
                .contains("below 1 when multiplied by --learning-rate 8")
                .contains("see also");
        err.reset();
        // Gets past the options, to a seed that is wrong in its turn.
        assertThat(Main.run("train", "--config", file.toString(), "--weight-decay=0", "--beta1=2"))
                .isEqualTo(2);
        assertThat(errors()).contains("--beta1: found 2.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0s", "-1"})
    void aTimeToWaitForExecutorsThatIsNoneEndsWithOne(String time) {
        System.setProperty(ExecutorWatch.TIMEOUT, time); // as spark-submit does with --conf
        try {
            assertThat(Main.run("train")).isEqualTo(1);
        } finally {
            System.clearProperty(ExecutorWatch.TIMEOUT);
        }
        assertThat(errors())
                .contains("spark.kindling.executorTimeout: found '" + time + "', expected a time of 1s or more")
                .hasLineCount(1);
    }

    @Test
    void aConfigFileThatIsNotThereEndsWithOne() {
        assertThat(Main.run("train", "--config=" + temporary.resolve("none"))).isEqualTo(1);
        assertThat(errors()).contains("none: cannot be read: NoSuchFileException");
    }

    /** A process, because where the script lies is in its environment. */
    @Test
    void fromAnotherFolderTheShippedDataAndRecipesAreFoundBesideTheScript() throws IOException, InterruptedException {
        String repository = Path.of("").toAbsolutePath() + "/";
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dkindling.check=paths",
                "dev.kindling.cli.Main",
                "train",
                "--config",
                "conf/classic.properties");
        ProcessBuilder elsewhere =
                new ProcessBuilder(command).directory(temporary.toFile()).redirectErrorStream(true);
        elsewhere.environment().put("KINDLING_HOME", repository);
        assertThat(said(elsewhere)).isEmpty();
        // What lies where the user stands comes first.
        Path own = Files.createDirectory(temporary.resolve("conf")).resolve("classic.properties");
        Files.writeString(own, "seed=one");
        assertThat(said(elsewhere)).contains("conf/classic.properties: ", "'one' is not a long");
    }

    private static String said(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(said.isEmpty() ? 0 : 1);
        return said;
    }

    @Test
    void anEndlessConfigFileEndsWithOne() throws IOException {
        Path file = Files.write(temporary.resolve("endless"), new byte[(1 << 16) + 1]);
        assertThat(Main.run("train", "--config=" + file)).isEqualTo(1);
        assertThat(errors()).contains("found more than 65536 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "'--help', spark-submit options",
        "'train --help', --learning-rate",
        "'evaluate --help', predictions",
        "'samples --help', pictures/samples",
        "'weights --help', pictures/weights",
        "'explain --help', --image",
        "'import --help', flat",
        "'export --help', FILE",
        "'tune --help', --learning-rates"
    })
    void helpExplainsOnStdoutWithExamples(String line, String text) {
        assertThat(Main.run(line.split(" "))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(text)
                .contains("Examples:")
                .contains("./submit.sh");
    }

    @Test
    void noCommandPrintsTheHelp() {
        assertThat(Main.run()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Usage:")
                .contains("train")
                .contains("evaluate");
    }

    @Test
    void helpShowsTheDefaultsOfTheShippedRecipe() throws IOException {
        Main.run("train", "--help");
        String help = out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ");
        assertThat(help).contains("classes. Default: 784,10,10").contains("see README. Default: data/mnist");
        assertThat(Files.readString(Path.of("conf/default.properties"))).contains("layers=784,10,10");
    }

    @Test
    void tuneHoldsRowsOutUnlessToldOtherwise() {
        Main.run("tune", "--help");
        assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
                .contains("below 1. Default: 0.1")
                .contains("to the next. Default: 10");
    }
}

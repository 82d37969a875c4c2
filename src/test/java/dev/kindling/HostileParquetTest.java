package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.Split;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.storage.Checkpoint;
import dev.kindling.storage.CheckpointStore;
import dev.kindling.storage.Environment;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.Numbers;
import dev.kindling.storage.Provenance;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged Parquet, data sets, models and checkpoints, read as {@code train} and {@code evaluate} read them: right, or refused. All of
 * it in a JVM of its own with little memory, which must live to the end: Spark ends one at the first OutOfMemoryError.
 */
@Timeout(900) // so that a hang fails
@Tag("slow")
class HostileParquetTest {
    /** What docs/design.md promises for Parquet. */
    private static final String MEMORY = "-Xmx512m";

    /** The larger compiler takes a third of the time, and gives nothing back: no kernel runs there. */
    private static final String COMPILER = "-XX:TieredStopAtLevel=1";

    /** A run has the JVM's usual collector, which takes more room than that of the tests. */
    private static final String COLLECTOR = "-XX:-UseParallelGC";

    private static final int MUTANTS = 25;
    private static final String DONE = "read or refused all";

    @TempDir
    Path temporary;

    @Test
    void damagedParquetIsReadRightOrRefusedInBoundedMemory() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                MEMORY,
                COMPILER,
                COLLECTOR,
                "-cp",
                System.getProperty("java.class.path"),
                getClass().getName(),
                temporary.toString()));
        Path log = temporary.resolve("log");
        int exitCode = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String output = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(output).contains(DONE);
        assertThat(exitCode).isZero();
    }

    /** The other JVM. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        for (String checksums : List.of("true", "false")) { // without, damage gets to the decoders
            SparkTest.session()
                    .sparkContext()
                    .hadoopConfiguration()
                    .set("parquet.page.write-checksum.enabled", checksums);
            damageData(Files.createDirectory(directory.resolve("data-" + checksums)), "v1");
            damageData(Files.createDirectory(directory.resolve("deltas-" + checksums)), "v2");
            damageModel(directory.resolve("model-" + checksums));
            damageCheckpoint(directory.resolve("run-" + checksums));
        }
        System.out.println(DONE);
    }

    /** Features that v1 writes plain and v2 in an encoding of the DELTA family, as it does a column that nobody reads. */
    private static void damageData(Path directory, String writer) throws IOException {
        SparkSession spark = SparkTest.session();
        String features = writer.equals("v1") ? "array(rand(1), 0d, id / 40)" : "unhex(substr(sha1(string(id)), 1, 6))";
        spark.range(0, 40, 1, 1)
                .selectExpr("cast(id % 10 as int) as label", features + " as features", "repeat(id, 9) as note")
                .write()
                .option("parquet.writer.version", writer)
                .option("parquet.enable.dictionary", writer.equals("v1"))
                .parquet(directory + "/all");
        Path file = directory.resolve("train.parquet");
        byte[] whole = Files.readAllBytes(part(directory.resolve("all")));
        Files.write(file, whole);
        List<String> sound = rows(directory);
        Mutations.damage(whole, MUTANTS, Long.MAX_VALUE, bytes -> {
            Files.write(file, bytes);
            refusable(() -> assertThat(rows(directory)).hasSameSizeAs(sound));
        });
    }

    private static List<String> rows(Path directory) {
        return DataDirectory.open(SparkTest.session(), directory.toString(), Split.TRAIN, 10)
                .rows()
                .toJavaRDD()
                .map(Object::toString)
                .collect();
    }

    private static void damageModel(Path directory) throws IOException {
        SparkSession spark = SparkTest.session();
        Architecture architecture = Architecture.parse("6,4,3");
        Model model = new Model(
                architecture,
                Initialisation.UNIFORM.draw(architecture, 1),
                new Provenance(
                        Map.of("learning-rate", "0.25", "seed", "1"),
                        "d",
                        9,
                        "f",
                        3,
                        0.3,
                        0.9,
                        0,
                        Double.NaN,
                        Double.NaN,
                        new Environment("k", "s", "j", "b", "c"),
                        "job",
                        Instant.EPOCH));
        ModelStore.save(
                spark,
                ModelStore.open(spark, directory.toString(), false, warning -> {}),
                model,
                List.of(),
                more -> {});
        for (String table : List.of("parameters.parquet", "provenance.parquet")) {
            Path file = directory.resolve(table);
            Files.delete(file.resolveSibling("." + file.getFileName() + ".crc")); // or Hadoop's own check finds it
            byte[] whole = Files.readAllBytes(file);
            Mutations.damage(whole, MUTANTS, Long.MAX_VALUE, bytes -> {
                Files.write(file, bytes);
                refusable(() -> assertThat(ModelStore.load(spark, directory.toString(), warning -> {})
                                .architecture())
                        .isEqualTo(architecture));
            });
            Files.write(file, whole);
        }
        assertThat(ModelStore.load(spark, directory.toString(), warning -> {}).digest())
                .isEqualTo(model.digest());
    }

    private static void damageCheckpoint(Path directory) throws IOException {
        Checkpoint checkpoint = new Checkpoint(
                Map.of("layers", "2,1", "seed", "1"),
                60,
                "f",
                "b",
                7,
                new float[] {1, 2, 3},
                new Numbers(List.of(new double[] {0.1, 0.2})),
                new long[] {4},
                new Checkpoint.Best(2, 0.5, new float[] {2, 3, 4}),
                List.of(new HistoryRow(7, 2, 0.1, 0.5, 0.9, 0.2, 30, 0.5, List.of(1.5), List.of())));
        CheckpointStore store = new CheckpointStore(SparkTest.session(), directory.toString());
        store.save(checkpoint, 1);
        for (String table : List.of("checkpoint.parquet", "numbers.parquet")) {
            Path file = directory.resolve("step-000000007").resolve(table);
            Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
            byte[] whole = Files.readAllBytes(file);
            Mutations.damage(whole, MUTANTS, Long.MAX_VALUE, bytes -> {
                Files.write(file, bytes);
                store.newest(warning -> assertThat(warning).contains("damaged checkpoint"))
                        .ifPresent(found -> {
                            assertThat(found.parameters()).containsExactly(checkpoint.parameters());
                            assertThat(found.optimizer().arrays())
                                    .containsExactly(
                                            checkpoint.optimizer().arrays().get(0));
                        });
            });
            Files.write(file, whole);
        }
    }

    private static Path part(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What a task throws comes wrapped; Main looks for what is below. */
    private static void refusable(Runnable read) throws Exception {
        try {
            read.run();
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null && !(cause instanceof KindlingException)) {
                cause = cause.getCause();
            }
            throw cause instanceof KindlingException refusal ? refusal : e;
        }
    }
}

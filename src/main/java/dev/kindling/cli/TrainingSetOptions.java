package dev.kindling.cli;

import dev.kindling.TrainingTable;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.ShiftedCopies;
import dev.kindling.data.files.ImageFolders;
import dev.kindling.data.files.Split;
import dev.kindling.data.files.tables.TableFiles;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Version;
import dev.kindling.training.ExchangeKind;
import dev.kindling.training.Recipe;
import dev.kindling.training.StepListener;
import dev.kindling.training.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the commands that train: what they read, and how much they print. */
final class TrainingSetOptions {
    /** Where a picture is; it says nothing of its class that could be learnt. */
    private static final String PATH = "path";

    @Mixin
    private DataOption data;

    @Option(
            names = "--partitions",
            paramLabel = "NUMBER",
            description = "The number of partitions of the training set. It changes the time, not the result."
                    + " Default: the number of cores, or a multiple of it if the training set is large.")
    private Integer partitions;

    @Option(
            names = "--exchange",
            paramLabel = "KIND",
            defaultValue = "round",
            description =
                    "How parameters and sums go to and fro: round (a Spark job of many steps), or job (a Spark job for each"
                            + " step). It changes the time, not the result. Default: ${DEFAULT-VALUE}")
    private ExchangeKind exchange;

    @Option(names = "--quiet", description = "Print only the result.")
    private boolean quiet;

    /** @throws KindlingException naming the option that is out of range */
    void check() {
        if (partitions != null && partitions < 1) {
            throw new KindlingException("--partitions: found " + partitions + ", expected 1 or more");
        }
    }

    /** Refuses data that this machine has not. */
    void checkPaths() {
        data.checkPaths();
    }

    /** Whether it is a table. */
    boolean isTable(SparkSession spark) {
        return data.isTable(spark, Split.TRAIN);
    }

    /** Refuses a place where this machine has nothing. */
    void checkThere() {
        data.checkThere();
    }

    /** Refuses options that only tables have. */
    void requireNoTable(ColumnOptions columns) {
        columns.requireNone(data.toString());
    }

    /**
     * A table that has been looked at.
     *
     * @param rows cached until they are packed, if they are parsed
     */
    record Table(TrainingTable table, Dataset<Row> rows) {}

    /**
     * Looks at a table.
     *
     * @param given the settings of the recipe that were given
     * @param start the model that training begins with, if it begins with one
     */
    Table open(
            SparkSession spark,
            TableOptions how,
            ColumnOptions columns,
            Map<String, String> given,
            Optional<Model> start) {
        TableFiles.Opened opened = how.open(spark, data.toString(), Split.TRAIN);
        spark.sparkContext().setJobDescription("look at " + data);
        long began = System.nanoTime();
        Dataset<Row> rows = opened.rows().schema().equals(ImageFolders.SCHEMA)
                ? opened.rows().drop(PATH)
                : opened.rows();
        if (opened.isParsed()) {
            rows.persist(StorageLevel.MEMORY_AND_DISK());
        }
        TrainingTable table = columns.estimator(data.label(), how.missing(), given, data.toString(), start)
                .open(rows);
        Signature signature = table.signature();
        Architecture layers = table.recipe().layers();
        print(
                "Kindling %s, Spark %s on %s, seed %d",
                Version.kindling(),
                spark.version(),
                spark.sparkContext().master(),
                table.recipe().seed());
        print(
                "%s: %s, %,d rows of %d features, looked at in %.1f s",
                data, opened.description(), table.rows(), layers.inputs(), (System.nanoTime() - began) / 1e9);
        if (table.skipped() > 0) {
            print("%,d rows left out, in which something is missing", table.skipped());
        }
        print("features: %s", SignatureText.features(signature));
        print("%s", SignatureText.outputs(signature));
        print("network %s: %,d parameters; %s", layers, layers.parameters(), Blas.description());
        return new Table(table, rows);
    }

    /** Packs a table that has been looked at. */
    PackedRows pack(SparkSession spark, Table looked) {
        TrainingTable table = looked.table;
        SparkContext context = spark.sparkContext();
        Memory.require(context.getConf(), context.defaultParallelism(), List.of(table.recipe()), partitions);
        context.setJobDescription("pack " + data);
        PackedRows packed = partitions == null ? table.pack() : table.pack(partitions);
        looked.rows.unpersist();
        sayHow(context, packed);
        return packed;
    }

    /**
     * Reads the training set and packs it for recipes.
     *
     * @param recipes of the runs that are trained side by side on it
     * @throws KindlingException if there is none, if it does not fit, or if memory is too small for the runs
     */
    PackedRows pack(SparkSession spark, List<Recipe> recipes) {
        SparkContext context = spark.sparkContext();
        Memory.require(context.getConf(), context.defaultParallelism(), recipes, partitions);
        Recipe recipe = recipes.get(0);
        LabelledRows rows = ShiftedCopies.of(
                data.open(spark, Split.TRAIN, recipe.layers().classes()), recipe.repeat(), recipe.seed());
        spark.sparkContext().setJobDescription("read and pack " + data);
        int partitionCount = partitions != null
                ? partitions
                : PackedRows.partitions(rows, context.defaultParallelism(), context.isLocal());
        print(
                "Kindling %s, Spark %s on %s, %d partitions, seed %d",
                Version.kindling(), spark.version(), spark.sparkContext().master(), partitionCount, recipe.seed());
        print("network %s: %,d parameters; %s", recipe.layers(), recipe.layers().parameters(), Blas.description());
        long start = System.nanoTime();
        PackedRows packed = PackedRows.pack(
                rows,
                recipe.layers(),
                partitionCount,
                recipe.seed(),
                recipe.validation().validationFraction());
        print(
                "%,d rows of %d features from %s, read and packed in %.1f s",
                packed.rows(), rows.features(), rows.source(), (System.nanoTime() - start) / 1e9);
        print(
                "%.1f %% of the features are not zero: %,d sparse and %,d dense blocks",
                100 * packed.density(), packed.blockCount() - packed.denseBlocks(), packed.denseBlocks());
        sayHow(context, packed);
        return packed;
    }

    private void sayHow(SparkContext context, PackedRows packed) {
        if (packed.bytesOnDisk() > 0) {
            int executors = Math.max(1, context.getExecutorMemoryStatus().size() - 1);
            Main.warn(Memory.shortOfIt(packed.bytesInMemory(), packed.bytesOnDisk(), context.isLocal(), executors));
        }
        if (packed.validationRows() > 0) {
            print("%,d rows to train on, %,d held out for validation", packed.trainingRows(), packed.validationRows());
        }
    }

    /**
     * Trains with these options.
     *
     * @param packed as {@link #pack} gives them
     * @param listener hears of each step
     */
    Trainer trainer(PackedRows packed, Recipe recipe, StepListener listener) {
        return new Trainer(packed, recipe, exchange, listener);
    }

    /**
     * Shows how training goes, or nothing with {@code --quiet}.
     *
     * @param start the steps taken already
     * @param steps the steps of the whole run
     * @param runs how many are trained side by side
     */
    Progress progress(int start, int steps, int runs) {
        return new Progress(quiet, start, steps, runs);
    }

    /** Prints a line, or nothing with {@code --quiet}. */
    void print(String pattern, Object... values) {
        if (!quiet) {
            System.out.printf(Locale.ROOT, pattern + "%n", values);
        }
    }

    /** The place of the data. */
    @Override
    public String toString() {
        return data.toString();
    }
}

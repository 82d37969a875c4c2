package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The checkpoints of one run: a directory of directories {@code step-000000100}, each written whole or not at all. In each
 * are two Parquet tables that hold a {@link Checkpoint}: {@code checkpoint.parquet}, of one row, and {@code numbers.parquet} with
 * the long arrays, up to {@value Slices#MOST} values of each in a row. In format 1 all was in the one row.
 */
public final class CheckpointStore {
    /** What shows that a directory holds a checkpoint. */
    private static final String MARK = "checkpoint.parquet";

    /** Goes up when a reader of the old format would misread the new one. */
    static final int FORMAT = 2;

    private static final String DAMAGED = "damaged checkpoint";
    private static final String DAMAGED_NAME = "damaged-";
    private static final Pattern NAME = Pattern.compile("step-(\\d{9,10})");
    private static final Pattern PUT_ASIDE = Pattern.compile(DAMAGED_NAME + NAME + "(-\\d+)?");

    private static final StructType VERSION =
            new StructType().add("format", DataTypes.IntegerType, false).add("kindling", DataTypes.StringType, false);

    private static final String NUMBERS_TABLE = "numbers.parquet";

    private static final StructType SCHEMA = VERSION.add(
                    "recipe", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false), false)
            .add("rows", DataTypes.LongType, false)
            .add("fingerprint", DataTypes.StringType, false)
            .add("blas", DataTypes.StringType, false)
            .add("step", DataTypes.IntegerType, false)
            .add("bestStep", DataTypes.IntegerType, false)
            .add("bestLoss", DataTypes.DoubleType, false)
            .add("history", DataTypes.createArrayType(HistoryTable.SCHEMA, false), false)
            .add("digest", DataTypes.StringType, false);

    private static final StructType NUMBERS = new StructType()
            .add("parameters", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("optimizer", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add("silent", DataTypes.createArrayType(DataTypes.LongType, false), false)
            .add("bestParameters", DataTypes.createArrayType(DataTypes.FloatType, false), false);

    private final SparkSession spark;
    private final Path directory;
    private final FileSystem files;
    /** What {@link #newest} found damaged: put aside when the run has gone on, so that a failed try changes nothing. */
    private final List<Path> damaged = new ArrayList<>();

    /**
     * @param directory a path or URI of any Hadoop file system; need not exist
     * @throws KindlingException if it cannot be one
     */
    public CheckpointStore(SparkSession spark, String directory) {
        this.spark = spark;
        try {
            this.directory = new Path(directory);
            this.files = this.directory.getFileSystem(spark.sparkContext().hadoopConfiguration());
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(
                    setting("checkpoint-dir") + ": cannot use '" + directory + "': " + Reason.innermost(e), e);
        }
    }

    /**
     * Puts right what commands that were killed have left.
     *
     * @param warn receives a line for each checkpoint that was not there, and is again
     * @throws KindlingException if that cannot be done
     */
    public void putRight(Consumer<String> warn) {
        try {
            HiddenNeighbours.putRight(files, directory, NAME.asMatchPredicate(), warn);
        } catch (IOException e) {
            throw new KindlingException(directory + ": cannot write there: " + Reason.innermost(e), e);
        }
    }

    /**
     * Checks all that can be checked before there is anything to write.
     *
     * @throws KindlingException if nothing can be written there
     */
    public void checkMayWrite() {
        output(0);
    }

    /**
     * Saves a checkpoint, whole or not at all, and then deletes the oldest. What {@link #newest} found damaged is renamed
     * to {@code damaged-step-...} first, and not counted. Neither is a checkpoint of a later step, which was damaged
     * too, or is another run's.
     *
     * @param kept how many checkpoints to keep, at least 1
     * @throws KindlingException if it cannot be written
     */
    public void save(Checkpoint checkpoint, int kept) {
        putDamagedAside();
        output(checkpoint.step()).write(path -> {
            ParquetTable.write(spark, numbers(checkpoint).iterator(), NUMBERS, new Path(path, NUMBERS_TABLE));
            ParquetTable.write(spark, List.of(row(checkpoint)).iterator(), SCHEMA, new Path(path, MARK));
        });
        List<Path> past = newestFirst().stream()
                .filter(path -> step(path) <= checkpoint.step())
                .toList();
        delete(past.subList(Math.min(kept, past.size()), past.size()));
    }

    /**
     * The newest checkpoint that can be read.
     *
     * @param warn receives a line for each newer one that is damaged
     * @return nothing if there is none
     * @throws KindlingException if it is of another format
     */
    public Optional<Checkpoint> newest(Consumer<String> warn) {
        damaged.clear();
        for (Path path : newestFirst()) {
            Row version;
            Checkpoint checkpoint;
            try {
                version = onlyRow(path, VERSION);
                checkpoint = isKnown(version) ? checkpoint(path, version.getInt(0)) : null;
            } catch (KindlingException e) {
                warn.accept(e.getMessage() + "; taking the one before it, and renaming this one to " + DAMAGED_NAME
                        + path.getName() + " when the run is saved again");
                damaged.add(path);
                continue;
            }
            if (checkpoint == null) {
                throw new KindlingException(path + ": found format version " + version.getInt(0) + ", expected 1 to "
                        + FORMAT + "; read it with the Kindling that wrote it, version " + version.getString(1));
            }
            return Optional.of(checkpoint);
        }
        return Optional.empty();
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return newestFirst().isEmpty();
    }

    /** Deletes all of them, and those that were put aside. */
    public void clear() {
        delete(newestFirst());
        delete(named(PUT_ASIDE));
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** If there is one of the same step already, it is damaged: the run was resumed from one before it. */
    private OutputDirectory output(int step) {
        return OutputDirectory.open(
                spark.sparkContext().hadoopConfiguration(),
                new Path(directory, String.format("step-%09d", step)).toString(),
                MARK,
                true,
                putRight -> {}); // nothing is, after the method of that name
    }

    private List<Path> newestFirst() {
        return named(NAME).stream()
                .sorted(Comparator.comparing(CheckpointStore::step).reversed())
                .toList();
    }

    private List<Path> named(Pattern name) {
        try {
            return files.exists(directory)
                    ? Arrays.stream(files.listStatus(directory))
                            .map(FileStatus::getPath)
                            .filter(path -> name.matcher(path.getName()).matches())
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new KindlingException(directory + ": cannot be listed: " + Reason.innermost(e), e);
        }
    }

    private static long step(Path path) {
        return Long.parseLong(path.getName().substring("step-".length()));
    }

    private void putDamagedAside() {
        try {
            for (Path path : damaged) {
                Path aside = new Path(directory, DAMAGED_NAME + path.getName());
                for (int k = 2; files.exists(aside); k++) {
                    aside = new Path(directory, DAMAGED_NAME + path.getName() + "-" + k);
                }
                // If it stays, it is skipped again, and a checkpoint of its step replaces it.
                files.rename(path, aside);
            }
        } catch (IOException e) {
            throw new KindlingException(directory + ": cannot write there: " + Reason.innermost(e), e);
        }
        damaged.clear();
    }

    private void delete(List<Path> old) {
        for (Path path : old) {
            try {
                files.delete(path, true);
            } catch (IOException e) {
                throw new KindlingException(path + ": cannot be deleted: " + Reason.innermost(e), e);
            }
        }
    }

    private static boolean isKnown(Row version) {
        return version.getInt(0) >= 1 && version.getInt(0) <= FORMAT;
    }

    private Row onlyRow(Path path, StructType schema) {
        return ParquetTable.onlyRow(
                spark.sparkContext().hadoopConfiguration(), new Path(path, MARK), schema, maxBytes(), DAMAGED);
    }

    /** A checkpoint that claims more than half of the driver's memory counts as damaged. */
    private static long maxBytes() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    private static Row row(Checkpoint c) {
        return RowFactory.create(
                FORMAT,
                Version.kindling(),
                c.recipe(),
                c.rows(),
                c.fingerprint(),
                c.blas(),
                c.step(),
                c.best().step(),
                c.best().loss(),
                HistoryTable.rows(c.history()),
                c.digest());
    }

    /** Each is made when it is asked for, so that there is no second copy of all numbers. */
    private static Stream<Row> numbers(Checkpoint c) {
        int longest = IntStream.of(
                        c.parameters().length,
                        c.optimizer().length(),
                        c.silent().length,
                        c.best().parameters().length)
                .max()
                .orElseThrow();
        return Slices.starts(longest)
                .mapToObj(at -> RowFactory.create(
                        slice(c.parameters(), at),
                        slice(c.optimizer(), at),
                        slice(c.silent(), at),
                        slice(c.best().parameters(), at)));
    }

    /** An array of any kind of numbers, from a place on that may lie behind its end. */
    private static Object slice(Object array, int at) {
        int length = Array.getLength(array);
        int from = Math.min(at, length);
        int count = Math.min(Slices.MOST, length - from);
        Object slice = Array.newInstance(array.getClass().getComponentType(), count);
        System.arraycopy(array, from, slice, 0, count);
        return slice;
    }

    private static double[] slice(Numbers numbers, int at) {
        int from = Math.min(at, numbers.length());
        double[] slice = new double[Math.min(Slices.MOST, numbers.length() - from)];
        numbers.copy(from, slice);
        return slice;
    }

    /** The slices of a column as one array. */
    private static Object joined(List<Row> rows, String column, Class<?> type) {
        List<Object> slices =
                rows.stream().<Object>map(row -> row.getAs(column)).toList();
        Object array = Array.newInstance(
                type, slices.stream().mapToInt(Array::getLength).reduce(0, Math::addExact));
        int at = 0;
        for (Object slice : slices) {
            System.arraycopy(slice, 0, array, at, Array.getLength(slice));
            at += Array.getLength(slice);
        }
        return array;
    }

    private Checkpoint checkpoint(Path path, int format) {
        Row row = onlyRow(path, SCHEMA);
        String table = format == 1 ? MARK : NUMBERS_TABLE;
        List<Row> numbers = ParquetTable.read(
                spark.sparkContext().hadoopConfiguration(), new Path(path, table), NUMBERS, maxBytes(), DAMAGED);
        Checkpoint checkpoint = new Checkpoint(
                Map.copyOf(row.<Map<String, String>>getAs("recipe")),
                row.getAs("rows"),
                row.getAs("fingerprint"),
                row.getAs("blas"),
                row.getAs("step"),
                (float[]) joined(numbers, "parameters", float.class),
                new Numbers(numbers.stream()
                        .<double[]>map(part -> part.getAs("optimizer"))
                        .toList()),
                (long[]) joined(numbers, "silent", long.class),
                new Checkpoint.Best(row.getAs("bestStep"), row.getAs("bestLoss"), (float[])
                        joined(numbers, "bestParameters", float.class)),
                HistoryTable.history(row.getAs("history")));
        if (checkpoint.digest().equals(row.getAs("digest"))) {
            return checkpoint;
        }
        throw new KindlingException(path + ": " + DAMAGED + ": its content does not match its digest");
    }
}

package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Models as three Parquet tables in one directory, to be read by anything that reads Parquet.
 *
 * <p>{@code parameters.parquet} has a row for each W and each b: layer (from 1), name, shape, and the values, row-major. A W of
 * more than {@value Slices#MOST} values has several rows, with the place of the first of their values (offset), and the model is of
 * format 3 at least; all others are of format 2, which older versions read too. A model with a {@link Signature} is of format 4, and
 * has two more tables: {@code inputs.parquet} has a row for each input of the network, and {@code outputs.parquet} one for each
 * output.
 * {@code history.parquet} has a row for each step. {@code provenance.parquet} has one row that says where they come from.
 */
public final class ModelStore {
    /** The most bytes that provenance may take in memory; it takes about 2,000. */
    private static final long PROVENANCE_BYTES = 1 << 16;

    /** The most bytes that a parameter may take in memory; it takes 8. */
    private static final int PARAMETER_BYTES = 10;

    /** The most bytes that the other columns of a layer's two rows may take. */
    private static final int LAYER_BYTES = 512;

    /** The most bytes that an input or an output may take, names of columns and labels included. */
    private static final int SIGNATURE_BYTES = 1 << 12;

    /** The most bytes that a history may take. It has at most 10,000 rows, of some 200 bytes each. */
    private static final long HISTORY_BYTES = 1 << 26;

    private static final String DAMAGED = "damaged model";

    private static final StructType PARAMETERS = new StructType()
            .add("layer", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("shape", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("values", DataTypes.createArrayType(DataTypes.FloatType, false), false);

    private static final StructType SLICED_PARAMETERS = PARAMETERS.add("offset", DataTypes.IntegerType, false);

    private ModelStore() {}

    /**
     * A place for a model, before there is one.
     *
     * @param directory a path or URI of any Hadoop file system
     * @param overwrite whether a model that exists may be replaced
     * @param warn receives a line if a command that was killed has left something to be put right
     * @throws KindlingException if there is a model that may not be replaced, if there is something else, or if nothing
     *     can be written
     */
    public static OutputDirectory open(SparkSession spark, String directory, boolean overwrite, Consumer<String> warn) {
        return OutputDirectory.open(spark.sparkContext().hadoopConfiguration(), directory, Model.MARK, overwrite, warn);
    }

    /**
     * Saves a model, whole or not at all.
     *
     * @param output as {@link #open} gives it
     * @param history of the steps that led to it
     * @param more writes what is not needed to load the model, such as pictures
     * @throws KindlingException if it cannot be written
     */
    public static void save(
            SparkSession spark,
            OutputDirectory output,
            Model model,
            List<HistoryRow> history,
            OutputDirectory.Writer more) {
        output.write(directory -> {
            more.write(directory);
            int format = format(model);
            ParquetTable.write(spark, parameterRows(model).iterator(), schema(format), parameters(directory));
            if (model.signature().isPresent()) {
                Signature signature = model.signature().get();
                ParquetTable.write(
                        spark,
                        SignatureTables.inputs(signature.inputs()).iterator(),
                        SignatureTables.INPUTS,
                        inputs(directory));
                ParquetTable.write(
                        spark,
                        SignatureTables.outputs(signature).iterator(),
                        SignatureTables.OUTPUTS,
                        outputs(directory));
            }
            ParquetTable.write(spark, HistoryTable.rows(history).iterator(), HistoryTable.SCHEMA, history(directory));
            ParquetTable.write(
                    spark,
                    List.of(ProvenanceTable.row(model, format)).iterator(),
                    ProvenanceTable.SCHEMA,
                    provenance(directory));
        });
    }

    /**
     * Loads a model and checks all of it.
     *
     * @param directory a path or URI of any Hadoop file system
     * @param warn receives a line if a command was killed while it replaced the model, and this puts it right
     * @throws KindlingException if there is none, if its format is unknown, or if a table, a layer or a number is
     *     damaged
     */
    public static Model load(SparkSession spark, String directory, Consumer<String> warn) {
        return load(spark.sparkContext().hadoopConfiguration(), directory, warn);
    }

    /** The same where there is no session: on an executor. */
    public static Model load(Configuration files, String directory, Consumer<String> warn) {
        return unchanged(files, directory, warn, path -> read(files, path, directory));
    }

    /** A model, and the numbers of the steps that led to it. */
    public record WithHistory(Model model, List<HistoryRow> history) {}

    /** {@link #load} with {@link #history}, both of the same model even if another takes its place meanwhile. */
    public static WithHistory loadWithHistory(SparkSession spark, String directory, Consumer<String> warn) {
        Configuration files = spark.sparkContext().hadoopConfiguration();
        return unchanged(
                files,
                directory,
                warn,
                path -> new WithHistory(read(files, path, directory), history(spark, directory)));
    }

    /** What was read while no other model took the place of this one. */
    private static <T> T unchanged(
            Configuration files, String directory, Consumer<String> warn, Function<Path, T> reader) {
        while (true) {
            Path path = existing(files, directory, warn);
            Optional<Saved> before = saved(files, directory);
            try {
                T found = reader.apply(path);
                if (before.isPresent() && before.equals(saved(files, directory))) {
                    return found;
                }
            } catch (KindlingException e) {
                if (before.isPresent() && before.equals(saved(files, directory))) {
                    throw e;
                }
            }
        }
    }

    private static Model read(Configuration files, Path path, String directory) {
        int format = format(files, path);
        Row provenance = ParquetTable.onlyRow(
                files, provenance(path), ProvenanceTable.schema(format), PROVENANCE_BYTES, DAMAGED);
        try {
            Architecture sizes = Architecture.parse(provenance.getAs("layers"));
            Optional<Signature> signature = format < 4 ? Optional.empty() : Optional.of(signature(files, path, sizes));
            boolean isRegression = signature.flatMap(Signature::targets).isPresent();
            Architecture architecture = isRegression ? sizes.withOutput(Output.IDENTITY) : sizes;
            long most = PROVENANCE_BYTES
                    + (long) LAYER_BYTES * architecture.layers()
                    + (long) PARAMETER_BYTES * architecture.parameters();
            List<Row> rows = ParquetTable.read(files, parameters(path), schema(format), most, DAMAGED);
            Model model = new Model(
                    architecture,
                    values(architecture, rows),
                    ProvenanceTable.provenance(provenance, format),
                    signature);
            if (format > 1 && !model.digest().equals(provenance.getAs("digest"))) {
                throw new KindlingException("the parameters do not match the digest in the provenance");
            }
            return model;
        } catch (KindlingException e) {
            throw e.getMessage().contains(DAMAGED)
                    ? e
                    : new KindlingException(directory + ": " + DAMAGED + ": " + e.getMessage(), e);
        }
    }

    /**
     * What tells a model from another one that was saved in its place.
     *
     * @param time of its last file, in milliseconds since 1970
     * @param bytes of that file
     * @param tag what the file system says of its content, if it does
     */
    public record Saved(long time, long bytes, String tag) {}

    /**
     * When a model was saved, without reading it; empty if there is none, or if it is replaced at this moment.
     *
     * @throws KindlingException if nobody can look there
     */
    public static Optional<Saved> saved(Configuration files, String directory) {
        try {
            Path path = provenance(new Path(directory));
            FileStatus file = path.getFileSystem(files).getFileStatus(path);
            String tag = file instanceof EtagSource tagged ? tagged.getEtag() : "";
            // A folder has no time of its own on an object store.
            long time = file.isDirectory() ? 0 : file.getModificationTime();
            return Optional.of(new Saved(time, file.getLen(), String.valueOf(tag)));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * The numbers of the steps that led to a model.
     *
     * @param directory a path or URI of any Hadoop file system, of a model that {@link #load} loads
     * @throws KindlingException if they are damaged
     */
    public static List<HistoryRow> history(SparkSession spark, String directory) {
        return HistoryTable.history(ParquetTable.read(
                spark.sparkContext().hadoopConfiguration(),
                history(new Path(directory)),
                HistoryTable.SCHEMA,
                HISTORY_BYTES,
                DAMAGED));
    }

    private static int format(Model model) {
        return model.signature().isPresent() ? 4 : isSliced(model.architecture()) ? 3 : 2;
    }

    private static Signature signature(Configuration files, Path directory, Architecture architecture) {
        long most = PROVENANCE_BYTES + (long) SIGNATURE_BYTES * (architecture.inputs() + architecture.outputs());
        return SignatureTables.signature(
                ParquetTable.read(files, inputs(directory), SignatureTables.INPUTS, most, DAMAGED),
                ParquetTable.read(files, outputs(directory), SignatureTables.OUTPUTS, most, DAMAGED));
    }

    private static int format(Configuration files, Path directory) {
        Row version =
                ParquetTable.onlyRow(files, provenance(directory), ProvenanceTable.VERSION, PROVENANCE_BYTES, DAMAGED);
        if (version.getInt(0) < 1 || version.getInt(0) > ProvenanceTable.FORMAT) {
            throw new KindlingException(directory + ": found format version " + version.getInt(0) + ", expected 1 to "
                    + ProvenanceTable.FORMAT + "; read it with the Kindling that wrote it, version "
                    + version.getString(1));
        }
        return version.getInt(0);
    }

    private static Path parameters(Path directory) {
        return new Path(directory, "parameters.parquet");
    }

    private static Path history(Path directory) {
        return new Path(directory, "history.parquet");
    }

    private static Path inputs(Path directory) {
        return new Path(directory, "inputs.parquet");
    }

    private static Path outputs(Path directory) {
        return new Path(directory, "outputs.parquet");
    }

    private static Path provenance(Path directory) {
        return new Path(directory, Model.MARK);
    }

    private static StructType schema(int format) {
        return format < 3 ? PARAMETERS : SLICED_PARAMETERS;
    }

    private static boolean isSliced(Architecture architecture) {
        return IntStream.range(0, architecture.layers())
                .anyMatch(l -> (long) architecture.inputs(l) * architecture.units(l) > Slices.MOST);
    }

    /** Each is made when it is asked for, so that there is no second copy of all parameters. */
    private static Stream<Row> parameterRows(Model model) {
        Architecture architecture = model.architecture();
        return IntStream.range(0, architecture.layers()).boxed().flatMap(l -> {
            int weights = architecture.weights(l);
            int biases = architecture.biases(l);
            int units = architecture.units(l);
            int[] shape = {architecture.inputs(l), units};
            return Stream.concat(
                    rows(l + 1, "weights", shape, model.parameters(), weights, biases),
                    rows(l + 1, "biases", new int[] {units}, model.parameters(), biases, architecture.weights(l + 1)));
        });
    }

    private static Stream<Row> rows(int layer, String name, int[] shape, float[] parameters, int from, int end) {
        return Slices.starts(end - from)
                .mapToObj(at -> RowFactory.create(
                        layer,
                        name,
                        shape,
                        Arrays.copyOfRange(parameters, from + at, Math.min(from + at + Slices.MOST, end)),
                        at));
    }

    private static Path existing(Configuration configuration, String directory, Consumer<String> warn) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(configuration);
            Path place = files.makeQualified(path);
            Path mark = provenance(place);
            if (files.exists(mark)) {
                return path;
            }
            if (!path.isRoot()) {
                Claim.awaitOthers(files, place, mark);
                if (files.exists(mark)) { // once more after each, as it may have been replaced in between
                    return path;
                }
                HiddenNeighbours.putRight(files, place.getParent(), place.getName()::equals, warn);
                if (files.exists(mark)) {
                    return path;
                }
            }
            throw Model.missing(path);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(directory, e);
        }
    }

    private static KindlingException unreadable(String directory, Exception e) {
        return new KindlingException(setting("model") + ": cannot read '" + directory + "': " + e.getMessage(), e);
    }

    private static float[] values(Architecture architecture, List<Row> rows) {
        if (rows.size() < 2 * architecture.layers()) {
            throw new KindlingException("found " + rows.size() + " rows in parameters.parquet, expected weights and"
                    + " biases of " + architecture.layers() + " layers");
        }
        // A damaged architecture must not reserve memory for parameters that are not there.
        long found = rows.stream().mapToLong(row -> values(row).length).sum();
        float[] parameters = new float[(int) Math.min(found, architecture.parameters())];
        for (int l = 0; l < architecture.layers(); l++) {
            int[] weightShape = {architecture.inputs(l), architecture.units(l)};
            copy(rows, l + 1, "weights", weightShape, parameters, architecture.weights(l));
            copy(rows, l + 1, "biases", new int[] {architecture.units(l)}, parameters, architecture.biases(l));
        }
        return parameters;
    }

    private static float[] values(Row row) {
        return row.getAs("values");
    }

    private static int offset(Row row) {
        return row.length() == SLICED_PARAMETERS.length() ? row.<Integer>getAs("offset") : 0;
    }

    private static void copy(List<Row> all, int layer, String name, int[] shape, float[] to, int start) {
        List<Row> rows = all.stream()
                .filter(r -> r.getInt(0) == layer && r.getString(1).equals(name))
                .sorted(Comparator.comparingInt(ModelStore::offset))
                .toList();
        if (rows.isEmpty()) {
            throw new KindlingException("found no " + name + " of layer " + layer);
        }
        int expected = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        long found = 0;
        for (Row row : rows) {
            int[] ofRow = row.getAs("shape");
            float[] values = values(row);
            if (!Arrays.equals(ofRow, shape) || offset(row) != found || found + values.length > expected) {
                throw new KindlingException("found " + values.length + " " + name + " of shape "
                        + Arrays.toString(ofRow) + " from " + offset(row) + " on in layer " + layer + ", expected "
                        + expected + " of shape " + Arrays.toString(shape));
            }
            if (start + found + values.length <= to.length) { // or one is missing, which a later layer will say
                System.arraycopy(values, 0, to, (int) (start + found), values.length);
            }
            found += values.length;
        }
        if (found != expected) {
            throw new KindlingException("found " + found + " " + name + " in layer " + layer + ", expected " + expected
                    + " of shape " + Arrays.toString(shape));
        }
    }
}

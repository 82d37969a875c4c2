package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
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
 * <p>{@code parameters.parquet} has a row for each W and each b: layer (from 1), name, shape, and the values, row-major.
 * {@code history.parquet} has a row for each step. {@code provenance.parquet} has one row that says where they come from.
 */
public final class ModelStore {
    /** The most bytes that provenance may take in memory; it takes about 2,000. */
    private static final long PROVENANCE_BYTES = 1 << 16;

    /** The most bytes that a parameter may take in memory; it takes 12. */
    private static final int PARAMETER_BYTES = 16;

    private static final String DAMAGED = "damaged model";

    private static final StructType PARAMETERS = new StructType()
            .add("layer", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("shape", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("values", DataTypes.createArrayType(DataTypes.FloatType, false), false);

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
            ParquetTable.write(spark, parameterRows(model), PARAMETERS, parameters(directory));
            ParquetTable.write(
                    spark, HistoryTable.rows(history), HistoryTable.SCHEMA, new Path(directory, "history.parquet"));
            ParquetTable.write(
                    spark, List.of(ProvenanceTable.row(model)), ProvenanceTable.SCHEMA, provenance(directory));
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
        Path path = existing(spark, directory, warn);
        int format = format(spark, path);
        Row provenance = ParquetTable.onlyRow(
                spark, provenance(path), ProvenanceTable.schema(format), PROVENANCE_BYTES, DAMAGED);
        try {
            Architecture architecture = Architecture.parse(provenance.getAs("layers"));
            long most = PROVENANCE_BYTES + (long) PARAMETER_BYTES * architecture.parameters();
            List<Row> rows = ParquetTable.read(spark, parameters(path), PARAMETERS, most, DAMAGED);
            Model model =
                    new Model(architecture, values(architecture, rows), ProvenanceTable.provenance(provenance, format));
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

    private static int format(SparkSession spark, Path directory) {
        Row version =
                ParquetTable.onlyRow(spark, provenance(directory), ProvenanceTable.VERSION, PROVENANCE_BYTES, DAMAGED);
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

    private static Path provenance(Path directory) {
        return new Path(directory, Model.MARK);
    }

    private static List<Row> parameterRows(Model model) {
        Architecture architecture = model.architecture();
        List<Row> rows = new ArrayList<>();
        for (int l = 0; l < architecture.layers(); l++) {
            int weights = architecture.weights(l);
            int biases = architecture.biases(l);
            int end = architecture.weights(l + 1);
            int[] shape = {architecture.inputs(l), architecture.units(l)};
            rows.add(RowFactory.create(
                    l + 1, "weights", shape, Arrays.copyOfRange(model.parameters(), weights, biases)));
            rows.add(RowFactory.create(
                    l + 1,
                    "biases",
                    new int[] {architecture.units(l)},
                    Arrays.copyOfRange(model.parameters(), biases, end)));
        }
        return rows;
    }

    private static Path existing(SparkSession spark, String directory, Consumer<String> warn) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
            if (!files.exists(provenance(path)) && !path.isRoot()) {
                Path place = files.makeQualified(path);
                HiddenNeighbours.putRight(files, place.getParent(), place.getName()::equals, warn);
            }
            if (!files.exists(provenance(path))) {
                throw Model.missing(path);
            }
            return path;
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(setting("model") + ": cannot read '" + directory + "': " + e.getMessage(), e);
        }
    }

    private static float[] values(Architecture architecture, List<Row> rows) {
        if (rows.size() != 2 * architecture.layers()) {
            throw new KindlingException("found " + rows.size() + " rows in parameters.parquet, expected weights and"
                    + " biases of " + architecture.layers() + " layers");
        }
        // A damaged architecture must not reserve memory for parameters that are not there.
        long found = rows.stream().mapToLong(row -> row.getList(3).size()).sum();
        float[] parameters = new float[(int) Math.min(found, architecture.parameters())];
        for (int l = 0; l < architecture.layers(); l++) {
            List<Integer> weightShape = List.of(architecture.inputs(l), architecture.units(l));
            copy(rows, l + 1, "weights", weightShape, parameters, architecture.weights(l));
            copy(rows, l + 1, "biases", List.of(architecture.units(l)), parameters, architecture.biases(l));
        }
        return parameters;
    }

    private static void copy(List<Row> rows, int layer, String name, List<Integer> shape, float[] to, int offset) {
        Row row = rows.stream()
                .filter(r -> r.getInt(0) == layer && r.getString(1).equals(name))
                .findFirst()
                .orElseThrow(() -> new KindlingException("found no " + name + " of layer " + layer));
        List<Integer> found = row.getList(2);
        List<Float> values = row.getList(3);
        int expected = shape.stream().reduce(1, (a, b) -> a * b);
        if (!found.equals(shape) || values.size() != expected) {
            throw new KindlingException("found " + values.size() + " " + name + " of shape " + found + " in layer "
                    + layer + ", expected " + expected + " of shape " + shape);
        }
        for (int k = 0; k < expected && offset + k < to.length; k++) {
            Float value = values.get(k);
            to[offset + k] = value == null ? Float.NaN : value; // Model refuses it, and says where
        }
    }
}

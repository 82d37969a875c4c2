package dev.kindling.storage;

import dev.kindling.KindlingException;
import dev.kindling.network.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Models as two Parquet tables in one directory, to be read by anything that reads Parquet.
 *
 * <p>{@code parameters.parquet} has a row for each W and each b: layer (from 1), name, shape, and the values, row-major.
 * {@code provenance.parquet} has one row that says where they come from.
 */
public final class ModelStore {
    /** What shows that a directory holds a model. */
    public static final String MARK = "provenance.parquet";

    /** Goes up when a reader of the old format would misread the new one. */
    static final int FORMAT = 1;

    /** The columns of provenance that every format has. */
    private static final StructType VERSION =
            new StructType().add("format", DataTypes.IntegerType, false).add("kindling", DataTypes.StringType, false);

    private static final StructType PARAMETERS = new StructType()
            .add("layer", DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false)
            .add("shape", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("values", DataTypes.createArrayType(DataTypes.FloatType, false), false);

    private static final StructType PROVENANCE = new StructType()
            .add("format", DataTypes.IntegerType, false)
            .add("layers", DataTypes.StringType, false)
            .add("recipe", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false), false)
            .add("data", DataTypes.StringType, false)
            .add("rows", DataTypes.LongType, false)
            .add("fingerprint", DataTypes.StringType, false)
            .add("steps", DataTypes.IntegerType, false)
            .add("loss", DataTypes.DoubleType, false)
            .add("accuracy", DataTypes.DoubleType, false)
            .add("kindling", DataTypes.StringType, false)
            .add("spark", DataTypes.StringType, false)
            .add("jvm", DataTypes.StringType, false)
            .add("blas", DataTypes.StringType, false)
            .add("time", DataTypes.TimestampType, false);

    private ModelStore() {}

    /**
     * Saves a model, whole or not at all.
     *
     * @throws KindlingException if it cannot be written
     */
    public static void save(SparkSession spark, OutputDirectory output, Model model) {
        output.write(directory -> {
            write(spark, parameterRows(model), PARAMETERS, parameters(directory));
            write(spark, List.of(provenanceRow(model)), PROVENANCE, provenance(directory));
        });
    }

    /**
     * Loads a model and checks all of it.
     *
     * @param directory a path or URI of any Hadoop file system
     * @throws KindlingException if there is none, its format is unknown, or a table, layer or number is not as it should
     *     be
     */
    public static Model load(SparkSession spark, String directory) {
        Path path = existing(spark, directory);
        checkFormat(directory, onlyRow(directory, read(spark, provenance(path), VERSION)));
        Row provenance = onlyRow(directory, read(spark, provenance(path), PROVENANCE));
        List<Row> rows = read(spark, parameters(path), PARAMETERS);
        try {
            Architecture architecture = Architecture.parse(provenance.getAs("layers"));
            return new Model(architecture, values(architecture, rows), provenance(provenance));
        } catch (KindlingException e) {
            throw new KindlingException(directory + ": damaged model: " + e.getMessage(), e);
        }
    }

    private static Path parameters(Path directory) {
        return new Path(directory, "parameters.parquet");
    }

    private static Path provenance(Path directory) {
        return new Path(directory, MARK);
    }

    private static void write(SparkSession spark, List<Row> rows, StructType schema, Path path) {
        ParquetTable.write(spark.createDataFrame(rows, schema).coalesce(1), path, rows.size());
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

    private static Row provenanceRow(Model model) {
        Provenance p = model.provenance();
        return RowFactory.create(
                FORMAT,
                model.architecture().toString(),
                p.recipe(),
                p.data(),
                p.rows(),
                p.fingerprint(),
                p.steps(),
                p.loss(),
                p.accuracy(),
                p.kindling(),
                p.spark(),
                p.jvm(),
                p.blas(),
                java.sql.Timestamp.from(p.time()));
    }

    private static Path existing(SparkSession spark, String directory) {
        try {
            Path path = new Path(directory);
            if (!path.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(provenance(path))) {
                throw new KindlingException(path + ": found no model, expected provenance.parquet and"
                        + " parameters.parquet; make one with: train --model " + path);
            }
            return path;
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException("--model: cannot read '" + directory + "': " + e.getMessage(), e);
        }
    }

    /** All rows of a table, with the columns of the schema and their types. */
    private static List<Row> read(SparkSession spark, Path path, StructType schema) {
        try {
            Dataset<Row> table = ParquetTable.read(spark, path);
            String found = columns(table.schema());
            for (StructField field : schema.fields()) {
                if (!Arrays.asList(table.columns()).contains(field.name())
                        || !table.schema().apply(field.name()).dataType().sameType(field.dataType())) {
                    throw new KindlingException(
                            path + ": damaged model: found columns " + found + ", expected " + columns(schema));
                }
            }
            String complete = Arrays.stream(schema.fieldNames())
                    .map(column ->
                            column + " is not null") // NaN may stand: the loss of a model that was not trained here
                    .collect(Collectors.joining(" and "));
            return table.selectExpr(schema.fieldNames()).where(complete).collectAsList();
        } catch (KindlingException e) {
            throw e;
        } catch (Exception e) {
            // Scala code throws checked exceptions unannounced; whatever it is, the table could not be read.
            throw new KindlingException(
                    path + ": damaged model: not a readable Parquet table: " + OutputDirectory.reason(e), e);
        }
    }

    private static String columns(StructType schema) {
        return Arrays.stream(schema.fields())
                .map(field -> field.name() + " " + field.dataType().simpleString())
                .collect(Collectors.joining(", "));
    }

    private static Row onlyRow(String directory, List<Row> rows) {
        if (rows.size() != 1) {
            throw new KindlingException(directory + ": damaged model: found " + rows.size()
                    + " complete rows in provenance.parquet, expected 1");
        }
        return rows.get(0);
    }

    private static void checkFormat(String directory, Row version) {
        if (version.getInt(0) != FORMAT) {
            throw new KindlingException(directory + ": found format version " + version.getInt(0) + ", expected "
                    + FORMAT + "; use the Kindling that wrote it, version " + version.getString(1));
        }
    }

    private static Provenance provenance(Row row) {
        return new Provenance(
                row.getJavaMap(row.fieldIndex("recipe")),
                row.getAs("data"),
                row.getAs("rows"),
                row.getAs("fingerprint"),
                row.getAs("steps"),
                row.getAs("loss"),
                row.getAs("accuracy"),
                row.getAs("kindling"),
                row.getAs("spark"),
                row.getAs("jvm"),
                row.getAs("blas"),
                row.<java.sql.Timestamp>getAs("time").toInstant());
    }

    private static float[] values(Architecture architecture, List<Row> rows) {
        if (rows.size() != 2 * architecture.layers()) {
            throw new KindlingException("found " + rows.size() + " rows in parameters.parquet, expected weights and"
                    + " biases of " + architecture.layers() + " layers");
        }
        // A damaged architecture must not make room for what is not there.
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

package dev.kindling.storage;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@link Provenance} as a table of one row, with the format of the model, its layers, and the digest of its parameters. */
final class ProvenanceTable {
    /** Goes up when a reader of the old format would misread the new one. */
    static final int FORMAT = 4;

    /** A column that models of older versions do not have. */
    private static final String EXCHANGE = "exchange";

    /** The columns that every format has. */
    static final StructType VERSION =
            new StructType().add("format", DataTypes.IntegerType, false).add("kindling", DataTypes.StringType, false);

    private static final StructType FORMAT_1 = new StructType()
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

    private static final StructType FORMAT_2 = FORMAT_1.add("validationRows", DataTypes.LongType, false)
            .add("validationLoss", DataTypes.DoubleType, true)
            .add("validationAccuracy", DataTypes.DoubleType, true)
            .add("cpu", DataTypes.StringType, false)
            .add("digest", DataTypes.StringType, false);

    static final StructType SCHEMA =
            FORMAT_2.add(EXCHANGE, DataTypes.StringType, true).add("format", DataTypes.IntegerType, false);

    private ProvenanceTable() {}

    /** The columns of a format, 1 to {@value #FORMAT}. */
    static StructType schema(int format) {
        return format == 1 ? FORMAT_1 : SCHEMA;
    }

    /** @param format of the model: at most {@value #FORMAT} */
    static Row row(Model model, int format) {
        Provenance p = model.provenance();
        Environment environment = p.environment();
        boolean validated = p.validationRows() > 0;
        return RowFactory.create(
                model.architecture().toString(),
                p.recipe(),
                p.data(),
                p.rows(),
                p.fingerprint(),
                p.steps(),
                p.loss(),
                p.accuracy(),
                environment.kindling(),
                environment.spark(),
                environment.jvm(),
                environment.blas(),
                p.time(),
                p.validationRows(),
                validated ? p.validationLoss() : null,
                validated ? p.validationAccuracy() : null,
                environment.cpu(),
                model.digest(),
                p.exchange(),
                format);
    }

    static Provenance provenance(Row row, int format) {
        return new Provenance(
                row.getAs("recipe"),
                row.getAs("data"),
                row.getAs("rows"),
                row.getAs("fingerprint"),
                row.getAs("steps"),
                row.getAs("loss"),
                row.getAs("accuracy"),
                format == 1 ? 0 : row.getAs("validationRows"),
                format == 1 ? Double.NaN : orNaN(row, "validationLoss"),
                format == 1 ? Double.NaN : orNaN(row, "validationAccuracy"),
                new Environment(
                        row.getAs("kindling"),
                        row.getAs("spark"),
                        row.getAs("jvm"),
                        row.getAs("blas"),
                        format == 1 ? "" : row.getAs("cpu")),
                row.schema().getFieldIndex(EXCHANGE).isEmpty() ? "" : row.getAs(EXCHANGE),
                row.getAs("time"));
    }

    private static double orNaN(Row row, String column) {
        Double value = row.getAs(column);
        return value == null ? Double.NaN : value;
    }
}

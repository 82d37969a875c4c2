package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Standardisation;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@link Signature} as two tables: a row for each input of the network, and one for each of its outputs. */
final class SignatureTables {
    static final StructType INPUTS = new StructType()
            .add("input", DataTypes.IntegerType, false)
            .add("column", DataTypes.StringType, false)
            .add("form", DataTypes.StringType, false)
            .add("shift", DataTypes.DoubleType, false)
            .add("deviation", DataTypes.DoubleType, false);

    /** Of a class the value, of a number what undoes its standardisation. */
    static final StructType OUTPUTS = new StructType()
            .add("output", DataTypes.IntegerType, false)
            .add("column", DataTypes.StringType, false)
            .add("type", DataTypes.StringType, false)
            .add("value", DataTypes.StringType, true)
            .add("shift", DataTypes.DoubleType, true)
            .add("deviation", DataTypes.DoubleType, true);

    private SignatureTables() {}

    static Stream<Row> inputs(Inputs inputs) {
        return IntStream.range(0, inputs.count())
                .mapToObj(k -> RowFactory.create(
                        k,
                        inputs.columns().get(inputs.form() == FeatureForm.COLUMNS ? k : 0),
                        inputs.form().name(),
                        inputs.standardisation().shift()[k],
                        inputs.standardisation().deviation()[k]));
    }

    static Stream<Row> outputs(Signature signature) {
        return Stream.concat(
                signature.labels().stream()
                        .flatMap(labels -> IntStream.range(0, labels.values().size())
                                .mapToObj(k -> RowFactory.create(
                                        k,
                                        labels.column(),
                                        labels.type(),
                                        labels.values().get(k),
                                        null,
                                        null))),
                signature.targets().stream()
                        .flatMap(targets -> IntStream.range(0, targets.columns().size())
                                .mapToObj(k -> RowFactory.create(
                                        k,
                                        targets.columns().get(k),
                                        DataTypes.DoubleType.sql(),
                                        null,
                                        targets.standardisation().shift()[k],
                                        targets.standardisation().deviation()[k]))));
    }

    /**
     * Reads both tables.
     *
     * @throws KindlingException if they do not fit together
     */
    static Signature signature(List<Row> inputs, List<Row> outputs) {
        checkNumbers(inputs, "inputs");
        checkNumbers(outputs, "outputs");
        FeatureForm form = FeatureForm.of(inputs.get(0).getString(2));
        Inputs read = new Inputs(
                form,
                inputs.stream()
                        .limit(form == FeatureForm.COLUMNS ? inputs.size() : 1)
                        .map(row -> row.getString(1))
                        .toList(),
                standardisation(inputs, 3));
        Row first = outputs.get(0);
        if (first.isNullAt(3)) {
            List<String> columns = outputs.stream().map(row -> row.getString(1)).toList();
            return new Signature(
                    read, Optional.empty(), Optional.of(new Targets(columns, standardisation(outputs, 4))));
        }
        List<String> values = outputs.stream().map(row -> row.getString(3)).toList();
        if (values.contains(null)) {
            throw new KindlingException("found no label for a class, expected one for each");
        }
        return new Signature(
                read, Optional.of(new Labels(first.getString(1), first.getString(2), values)), Optional.empty());
    }

    private static void checkNumbers(List<Row> rows, String what) {
        for (int k = 0; k < rows.size(); k++) {
            if (rows.get(k).getInt(0) != k) {
                throw new KindlingException("found number " + rows.get(k).getInt(0) + " in row " + k + " of the " + what
                        + ", expected " + k);
            }
        }
        if (rows.isEmpty()) {
            throw new KindlingException("found no " + what + ", expected a row for each");
        }
    }

    private static Standardisation standardisation(List<Row> rows, int ordinal) {
        return new Standardisation(numbers(rows, ordinal), numbers(rows, ordinal + 1));
    }

    private static double[] numbers(List<Row> rows, int ordinal) {
        return rows.stream()
                .mapToDouble(row -> row.isNullAt(ordinal) ? Double.NaN : row.getDouble(ordinal))
                .toArray();
    }
}

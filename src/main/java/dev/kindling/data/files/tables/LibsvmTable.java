package dev.kindling.data.files.tables;

import static org.apache.spark.sql.functions.col;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * libsvm files as a table of {@code label: double} and {@code features: array<double>} with their zeros, as many as the largest
 * number of a feature. Spark's own reader of them is in MLlib, which Kindling does without.
 */
final class LibsvmTable {
    private static final StructType SCHEMA = new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", DataTypes.createArrayType(DataTypes.DoubleType, false));

    private LibsvmTable() {}

    /**
     * What a task finds out.
     *
     * @param features the largest number of one
     * @param problem the first; empty if all is well
     */
    @DefaultSerializer(JavaSerializer.class)
    private record Survey(long rows, int features, String problem) implements Serializable {
        Survey and(Survey later) {
            return new Survey(
                    rows + later.rows, Math.max(features, later.features), problem.isEmpty() ? later.problem : problem);
        }
    }

    static TableFiles.Opened open(SparkSession spark, FoundFiles files) {
        String name = files.name();
        String root = files.root();
        Dataset<Row> lines = files.lines(spark)
                .select(col("value"), col("_metadata.file_path"))
                .filter((FilterFunction<Row>) row -> !LibsvmLine.isEmpty(row.getString(0)));
        Survey survey =
                lines
                        .toJavaRDD()
                        .mapPartitions(rows -> List.of(survey(rows, name, root)).iterator())
                        .collect()
                        .stream()
                        .reduce(new Survey(0, 0, ""), Survey::and);
        if (!survey.problem.isEmpty()) {
            throw new KindlingException(survey.problem);
        }
        if (survey.features == 0) {
            throw new KindlingException(name + ": found no features in " + survey.rows + " rows, expected at least 1");
        }
        int features = survey.features;
        Dataset<Row> rows =
                lines.map((MapFunction<Row, Row>) row -> values(row, name, root, features), Encoders.row(SCHEMA));
        return new TableFiles.Opened(rows, "libsvm, " + features + " features" + files.count(), true);
    }

    private static Survey survey(Iterator<Row> rows, String name, String root) {
        long count = 0;
        int features = 0;
        while (rows.hasNext()) {
            Row row = rows.next();
            try {
                features = Math.max(features, LibsvmLine.of(row.getString(0)).last());
                count++;
            } catch (IllegalArgumentException e) {
                return new Survey(
                        count, features, FoundFiles.nameOf(name, root, row.getString(1)) + ": " + e.getMessage());
            }
        }
        return new Survey(count, features, "");
    }

    private static Row values(Row row, String name, String root, int features) {
        LibsvmLine line = LibsvmLine.of(row.getString(0));
        if (line.last() > features) {
            throw new KindlingException(FoundFiles.nameOf(name, root, row.getString(1)) + ": found feature "
                    + line.last() + ", expected at most " + features
                    + ", as when it was opened first: did it change while it was read?");
        }
        return RowFactory.create(line.label(), line.dense(features));
    }
}

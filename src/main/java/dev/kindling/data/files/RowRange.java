package dev.kindling.data.files;

import dev.kindling.data.RowRelation;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;

/** Neighbouring rows of a data set, read by one task. */
interface RowRange extends Serializable {
    /** The id of the first row. */
    long first();

    /** The number of rows. */
    long rows();

    /** The length of every row's features. */
    int features();

    /** A reader that stands before the first row. */
    RowReader open(Configuration conf);

    /** The rows of ranges as a DataFrame of one partition for each. */
    static Dataset<Row> table(SparkSession spark, List<? extends RowRange> ranges, String source) {
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        JavaRDD<InternalRow> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(ranges, ranges.size())
                .flatMap(range -> new RowIterator(range, conf.value()));
        return RowRelation.of(spark, rows, source);
    }
}

package dev.kindling.data;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructType;

/** Internal rows of {@link LabelledRows#SCHEMA} as a DataFrame. */
public final class RowRelation extends BaseRelation implements TableScan {
    private final SparkSession spark;
    /** Asked when a job needs the rows: to plan the query behind them may take jobs of its own. */
    private final Supplier<JavaRDD<InternalRow>> rows;

    private final String source;

    private RowRelation(SparkSession spark, Supplier<JavaRDD<InternalRow>> rows, String source) {
        this.spark = spark;
        this.rows = rows;
        this.source = source;
    }

    /**
     * The DataFrame.
     *
     * @param source what the SQL tab of the Spark UI calls the scan
     */
    public static Dataset<Row> of(SparkSession spark, JavaRDD<InternalRow> rows, String source) {
        return of(spark, () -> rows, source);
    }

    /** The same, of rows that are not there yet. */
    static Dataset<Row> of(SparkSession spark, Supplier<JavaRDD<InternalRow>> rows, String source) {
        return spark.baseRelationToDataFrame(new RowRelation(spark, rows, source));
    }

    /** The rows that such a DataFrame was made of; nothing for any other DataFrame, or for a query on one. */
    static Optional<Supplier<JavaRDD<InternalRow>>> rowsOf(Dataset<Row> data) {
        return data.queryExecution().analyzed() instanceof LogicalRelation scan
                        && scan.relation() instanceof RowRelation own
                ? Optional.of(own.rows)
                : Optional.empty();
    }

    @Override
    public SQLContext sqlContext() {
        return spark.sqlContext();
    }

    @Override
    public StructType schema() {
        return LabelledRows.SCHEMA;
    }

    /** Tells Spark that {@link #buildScan} gives internal rows, in spite of its type. */
    @Override
    public boolean needConversion() {
        return false;
    }

    @Override
    @SuppressWarnings("unchecked") // the contract of needConversion
    public RDD<Row> buildScan() {
        return (RDD<Row>) (RDD<?>) rows.get().rdd();
    }

    /** What the SQL tab of the Spark UI calls the scan. */
    @Override
    public String toString() {
        return source;
    }
}

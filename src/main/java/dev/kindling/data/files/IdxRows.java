package dev.kindling.data.files;

import dev.kindling.data.LabelledRows;
import dev.kindling.error.KindlingException;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** A pair of IDX files as rows: the driver reads the headers, each task a range of rows. */
final class IdxRows {
    private IdxRows() {}

    static LabelledRows open(SparkSession spark, DataFile imageFile, DataFile labelFile, int classes) {
        SparkContext context = spark.sparkContext();
        IdxFile images = IdxFile.images(imageFile, context.hadoopConfiguration());
        IdxFile labels = IdxFile.labels(labelFile, context.hadoopConfiguration());
        if (labels.items() != images.items()) {
            throw new KindlingException(labelFile.name() + ": found " + labels.items() + " labels, expected "
                    + images.items() + ", one for each image of " + imageFile.name());
        }
        long rows = images.items();
        List<IdxRange> ranges = images.cut(
                context.defaultParallelism(),
                (first, end) -> new IdxRange(images, labels, classes, first, end - first));
        return new LabelledRows(
                RowRange.table(spark, ranges, imageFile.name()), rows, images.itemBytes(), imageFile.name());
    }
}

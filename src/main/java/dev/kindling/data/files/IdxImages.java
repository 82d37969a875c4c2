package dev.kindling.data.files;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/** The images of an IDX file without their labels: {@link DataDirectory} opens both. */
public final class IdxImages {
    /** What the rows are: the number of the image, from 0, and its pixels, as bytes in the order of the file. */
    public static final StructType SCHEMA =
            new StructType().add("id", DataTypes.LongType, false).add("features", DataTypes.BinaryType, false);

    private static final Pattern NAME = Pattern.compile("(?i).*idx3-ubyte(\\.gz)?");

    private IdxImages() {}

    /**
     * Opens the images at a path, if there are any: a file whose name ends as those of MNIST do, or a directory with one for
     * testing.
     *
     * @param path a path or URI of any file system that Hadoop knows
     * @throws KindlingException if they are damaged, or if there is more than one file for testing. A job over the rows fails with
     *     one as its cause if the file has changed since
     */
    public static Optional<Dataset<Row>> open(SparkSession spark, String path) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        Path place = new Path(path);
        try {
            FileStatus status = place.getFileSystem(conf).getFileStatus(place);
            if (status.isDirectory()) {
                return DataDirectory.images(spark, path, Split.TEST).map(file -> open(spark, file));
            }
            return NAME.matcher(place.getName()).matches()
                    ? Optional.of(open(spark, new DataFile(status.getPath().toString(), null, path, status.getLen())))
                    : Optional.empty();
        } catch (IOException e) {
            throw new KindlingException(path + ": cannot be read: " + Reason.of(e), e);
        }
    }

    private static Dataset<Row> open(SparkSession spark, DataFile file) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        IdxFile images = IdxFile.images(file, context.hadoopConfiguration());
        List<Range> ranges = images.cut(context.defaultParallelism(), (first, end) -> new Range(images, first, end));
        SerializableConfiguration conf = new SerializableConfiguration(context.hadoopConfiguration());
        return spark.createDataFrame(
                context.parallelize(ranges, ranges.size()).flatMap(range -> range.read(conf.value())), SCHEMA);
    }

    /** Neighbouring images, read by one task: from one to before another. */
    @DefaultSerializer(JavaSerializer.class)
    private record Range(IdxFile images, long first, long end) implements Serializable {
        Iterator<Row> read(Configuration conf) {
            DataStream in = DataStream.open(images.file(), conf, images.offset(first));
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> in.close());
            return new Iterator<>() {
                private long id = first;

                @Override
                public boolean hasNext() {
                    return id < end;
                }

                @Override
                public Row next() {
                    if (id == end) {
                        throw new NoSuchElementException();
                    }
                    byte[] pixels = new byte[images.itemBytes()];
                    if (in.read(pixels, 0, pixels.length) < pixels.length) {
                        throw images.file().truncated("row " + id + " of " + images.items());
                    }
                    return RowFactory.create(id++, pixels);
                }
            };
        }
    }
}

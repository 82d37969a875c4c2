package dev.kindling.data.files;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Pictures in a folder for each class, such as {@code 7/00042.png}, as MNIST is also found, or in one folder if their classes are not
 * known. All have the same size. There may be folders {@code train} (or {@code training}) and {@code test} (or {@code testing})
 * above those of the classes.
 */
public final class ImageFolders {
    /** What the rows are. */
    public static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("label", DataTypes.StringType, false)
            .add("features", DataTypes.BinaryType, false);

    private static final Pattern PICTURE = Pattern.compile("(?i).*\\.(png|jpg|jpeg|gif|bmp)");
    private static final int PICTURES_OF_A_TASK = 1_000;

    private ImageFolders() {}

    /**
     * Pictures.
     *
     * @param rows of {@link #SCHEMA}, sorted by path: where the picture is, the name of its folder, and its pixels as
     *     {@link GreyBytes} has them, shape (height, width)
     * @param labels sorted
     */
    public record Opened(Dataset<Row> rows, long count, int width, int height, List<String> labels) {}

    /** A picture of a class. */
    @DefaultSerializer(JavaSerializer.class)
    private record Found(String label, String path) implements Serializable {}

    /** Whether there are any. */
    public static boolean isThere(SparkSession spark, String directory, Split split) {
        try {
            return !pictures(spark.sparkContext().hadoopConfiguration(), directory, split)
                    .isEmpty();
        } catch (KindlingException e) { // no such directory
            return false;
        }
    }

    /**
     * Opens them. The driver lists the folders and looks at the first picture; tasks read the others.
     *
     * @param directory a path or URI of any file system that Hadoop knows
     * @param split {@code TRAIN} takes all pictures if there are no folders for the two
     * @throws KindlingException if there are no pictures. A job over the rows fails with one as its cause if a picture is damaged
     *     or of another size than the first
     */
    public static Opened open(SparkSession spark, String directory, Split split) {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        List<Found> pictures = pictures(hadoop, directory, split);
        if (pictures.isEmpty()) {
            throw new KindlingException(directory + ": found no pictures for "
                    + (split == Split.TRAIN ? "training" : "testing")
                    + ", expected a folder for each class with .png, .jpg, .gif or .bmp files, right there or in folders"
                    + " called train and test");
        }
        BufferedImage first = PictureDecoder.decode(hadoop, pictures.get(0).path, (width, height) -> {});
        int width = first.getWidth();
        int height = first.getHeight();
        SerializableConfiguration conf = new SerializableConfiguration(hadoop);
        int tasks = Math.max(
                Math.min(pictures.size(), spark.sparkContext().defaultParallelism()),
                (pictures.size() - 1) / PICTURES_OF_A_TASK + 1);
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(pictures, tasks)
                .map(found ->
                        RowFactory.create(found.path, found.label, read(conf.value(), found.path, width, height)));
        List<String> labels =
                pictures.stream().map(Found::label).distinct().sorted().toList();
        return new Opened(spark.createDataFrame(rows, SCHEMA), pictures.size(), width, height, labels);
    }

    private static byte[] read(Configuration conf, String path, int width, int height) {
        return GreyBytes.of(PictureDecoder.decode(conf, path, (foundWidth, foundHeight) -> {
            if (foundWidth != width || foundHeight != height) {
                throw new KindlingException(path + ": found " + foundWidth + " x " + foundHeight + " pixels, expected "
                        + width + " x " + height + ", as the first picture has");
            }
        }));
    }

    private static List<Found> pictures(Configuration conf, String directory, Split split) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(conf);
            Optional<Path> train = folder(files, path, "train|training");
            Optional<Path> test = folder(files, path, "test|testing");
            if (train.isEmpty() && test.isEmpty()) {
                return split == Split.TRAIN ? classes(files, path) : List.of();
            }
            Optional<Path> wanted = split == Split.TRAIN ? train : test;
            return wanted.isEmpty() ? List.of() : classes(files, wanted.get());
        } catch (FileNotFoundException e) {
            throw new KindlingException(directory + ": found nothing there, expected a directory", e);
        } catch (IOException | IllegalArgumentException e) { // the latter for malformed paths
            throw new KindlingException(directory + ": cannot be listed: " + Reason.of(e), e);
        }
    }

    private static Optional<Path> folder(FileSystem files, Path parent, String names) throws IOException {
        return children(files, parent)
                .filter(FileStatus::isDirectory)
                .map(FileStatus::getPath)
                .filter(path -> path.getName().matches("(?i)" + names))
                .findFirst();
    }

    /** All pictures in the folders of a folder, sorted by path; if there are none, those in the folder itself. */
    private static List<Found> classes(FileSystem files, Path parent) throws IOException {
        List<Found> found = new ArrayList<>();
        for (FileStatus folder :
                children(files, parent).filter(FileStatus::isDirectory).toList()) {
            found.addAll(pictures(files, folder.getPath()));
        }
        return found.isEmpty() ? pictures(files, parent) : found;
    }

    private static List<Found> pictures(FileSystem files, Path folder) throws IOException {
        return children(files, folder)
                .filter(FileStatus::isFile)
                .map(FileStatus::getPath)
                .filter(path -> PICTURE.matcher(path.getName()).matches())
                .map(path -> new Found(folder.getName(), path.toString()))
                .toList();
    }

    /** Those that are not hidden, sorted. */
    private static Stream<FileStatus> children(FileSystem files, Path parent) throws IOException {
        return Stream.of(files.listStatus(parent))
                .filter(child -> !child.getPath().getName().startsWith(".")
                        && !child.getPath().getName().startsWith("_"))
                .sorted();
    }
}

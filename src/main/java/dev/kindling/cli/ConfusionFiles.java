package dev.kindling.cli;

import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.plot.ConfusionPicture;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A confusion matrix as files of pictures. */
final class ConfusionFiles {
    private ConfusionFiles() {}

    /**
     * Draws it, or says on stderr that there are too many classes.
     *
     * @param what was evaluated, on what
     */
    static void write(SparkSession spark, Path directory, ConfusionMatrix matrix, String what) throws IOException {
        if (matrix.classes() > ConfusionPicture.MOST_CLASSES) {
            System.err.printf(
                    "confusion-matrix.png is not drawn: found %d classes, at most %d can be read in a picture%n",
                    matrix.classes(), ConfusionPicture.MOST_CLASSES);
            return;
        }
        String title = String.format(
                Locale.ROOT,
                "%s: %.2f %% right (%,d of %,d rows)",
                what,
                100 * matrix.accuracy(),
                matrix.correct(),
                matrix.total());
        ConfusionPicture picture = new ConfusionPicture(
                title,
                IntStream.range(0, matrix.classes()).mapToObj(matrix::name).toList(),
                matrix.counts());
        PictureFiles.of(picture).write(spark, directory, "confusion-matrix");
    }
}

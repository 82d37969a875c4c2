package dev.kindling.cli;

import dev.kindling.data.Example;
import dev.kindling.data.LabelledRows;
import dev.kindling.error.KindlingException;
import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.evaluation.Predictions;
import dev.kindling.plot.ImagesPicture;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The pictures of an evaluation of images: its confusion matrix, and the most confident mistakes. */
record EvaluationPictures(String model, LabelledRows rows, Predictions predictions, ConfusionMatrix matrix) {
    /** How many mistakes are drawn. */
    private static final int MISTAKES = 24;

    /** Draws what can be drawn. A line on stderr names the rest, whose numbers are written all the same. */
    void write(SparkSession spark, Path directory) throws IOException {
        try {
            ConfusionFiles.write(spark, directory, matrix, model + " on " + rows.source());
            if (!ImagesPicture.canDraw(rows.features())) {
                System.err.printf(
                        "mistakes.png is not drawn: %d features do not make a square image%n", rows.features());
            } else if (matrix.correct() < matrix.total()) {
                PictureFiles.of(mistakes()).write(spark, directory, "mistakes");
            }
        } catch (KindlingException e) {
            Main.warn(e.getMessage());
        }
    }

    private ImagesPicture mistakes() {
        List<Predictions.Mistake> worst = predictions.worstMistakes(MISTAKES);
        List<Example> images = predictions.read(worst);
        String subtitle = String.format(
                Locale.ROOT,
                "%s on %s: the %d most confident of %,d mistakes",
                model,
                rows.source(),
                worst.size(),
                matrix.total() - matrix.correct());
        return new ImagesPicture(
                "Most confident mistakes",
                subtitle,
                IntStream.range(0, worst.size())
                        .mapToObj(k -> new ImagesPicture.Image(images.get(k).features(), lines(worst.get(k))))
                        .toList());
    }

    private static List<String> lines(Predictions.Mistake mistake) {
        return List.of(
                "predicted " + mistake.prediction() + ", is " + mistake.label(),
                String.format(Locale.ROOT, "probability %.4f", mistake.probability()),
                "id " + mistake.id());
    }
}

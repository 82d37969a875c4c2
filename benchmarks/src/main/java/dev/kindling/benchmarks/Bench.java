package dev.kindling.benchmarks;

import dev.kindling.training.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What all measurements share.
 *
 * @param spark the session of Kindling and MLlib, without a native BLAS
 * @param quick whether to be done in a few minutes
 * @param numpy where python3 with NumPy is there
 * @param nativeBlas where OpenBLAS is there
 */
record Bench(SparkSession spark, boolean quick, Optional<Peer> numpy, Optional<Peer> nativeBlas) {
    static final String NO_NUMPY = "needs python3 with numpy";
    static final String NO_OPENBLAS = "needs OpenBLAS (Debian: libopenblas0-pthread; elsewhere OPENBLAS=/path/to/it)";

    int repetitions() {
        return quick ? 2 : 5;
    }

    /** For {@link Kindling#warmUp} of the session that all share: the JIT compilers come to rest after some 8,000 jobs. */
    int warmUpSteps() {
        return quick ? 200 : 6_000;
    }

    /**
     * Seconds of NumPy's full-batch step with the recipe's network, start and rate.
     *
     * @param type float32 or float64
     * @param shift is added to every pixel
     * @param firstLoss what Kindling found; NumPy must find the same, to a thousandth
     */
    double numpyStep(String type, Recipe recipe, float shift, double firstLoss, int steps) {
        double[] answer = numpy.orElseThrow()
                .ask("steps", type, recipe.layers(), shift, start(recipe), recipe.learningRate(), steps);
        checkLoss(answer[0], firstLoss);
        return Alternation.median(Arrays.copyOfRange(answer, 1, answer.length));
    }

    static void checkLoss(double found, double expected) {
        if (!(Math.abs(found - expected) <= 1e-3 * expected)) {
            throw new IllegalStateException("first loss: found " + found + ", expected " + expected);
        }
    }

    /** A file of the parameters that a recipe starts with: float32, little-endian. */
    private static Path start(Recipe recipe) {
        float[] parameters = recipe.initialisation().draw(recipe.layers(), recipe.seed());
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        try {
            return Files.write(Repository.path("benchmarks/target/start.float32"), bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

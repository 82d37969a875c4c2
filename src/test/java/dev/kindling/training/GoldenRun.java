package dev.kindling.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Ten full-batch steps in float64, made by NumPy programs: golden/generate.py and golden/regression.py. */
public final class GoldenRun {
    private GoldenRun() {}

    /**
     * The classic recipe on all of MNIST.
     *
     * @return a row for each step: its number, loss, accuracy, and the norms of the gradient of W1, b1, W2 and b2
     */
    public static List<double[]> steps() throws IOException {
        return steps("classic.csv");
    }

    /** The rows of a file beside those programs. */
    static List<double[]> steps(String file) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                GoldenRun.class.getResourceAsStream("/golden/" + file), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
        }
    }
}

package dev.kindling.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Ten full-batch steps of the classic recipe on all of MNIST in float64: golden/classic.csv, made by golden/generate.py. */
public final class GoldenRun {
    private GoldenRun() {}

    /** A row for each step: its number, loss, accuracy, and the norms of the gradient of W1, b1, W2 and b2. */
    public static List<double[]> steps() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                GoldenRun.class.getResourceAsStream("/golden/classic.csv"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
        }
    }
}

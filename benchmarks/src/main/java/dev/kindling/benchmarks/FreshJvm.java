package dev.kindling.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Applications of Spark in JVMs of their own, started as submit.sh starts them. */
final class FreshJvm {
    private FreshJvm() {}

    /** For netlib, which finds a native BLAS by itself: a name that no library has. */
    static final List<String> NO_NATIVE_BLAS = List.of("--driver-java-options", "-D" + NativePeer.LIBRARY + "=none");

    /** A command of Kindling's own, on two cores and without a native BLAS. */
    static ProcessBuilder submit(String... command) {
        return builder("./submit.sh", NO_NATIVE_BLAS, List.of(command));
    }

    /** A class of the benchmarks on two cores; its Spark is the one Kindling comes with. */
    static ProcessBuilder submit(Class<?> main, List<String> sparkOptions, String... arguments) {
        List<String> rest =
                new ArrayList<>(List.of("--class", main.getName(), "benchmarks/target/kindling-benchmarks.jar"));
        rest.addAll(List.of(arguments));
        return builder("benchmarks/submit-class.sh", sparkOptions, rest);
    }

    private static ProcessBuilder builder(String script, List<String> sparkOptions, List<String> rest) {
        List<String> command = new ArrayList<>(List.of(script, "--master", "local[2]"));
        command.addAll(sparkOptions);
        command.addAll(rest);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("SPARK_HOME"); // that of the benchmarks, with MLlib in it
        return builder;
    }

    /** Starts a process and reads what it prints, to its end. */
    static List<Line> lines(ProcessBuilder builder) {
        try {
            long start = System.nanoTime();
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            List<Line> lines = new ArrayList<>();
            try (BufferedReader output = process.inputReader()) {
                for (String text = output.readLine(); text != null; text = output.readLine()) {
                    lines.add(new Line((System.nanoTime() - start) / 1e9, text));
                }
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(builder.command() + " failed: " + lines);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first line that starts with some words. */
    static Line first(List<Line> lines, String words) {
        return lines.stream()
                .filter(line -> line.text.startsWith(words))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no line '" + words + "' in " + lines));
    }

    /** What a process printed, and how many seconds after its start. */
    record Line(double seconds, String text) {
        double[] numbers() {
            return Stream.of(text.split("[^0-9.]+"))
                    .filter(word -> word.matches("[0-9]+(\\.[0-9]+)?"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
    }
}

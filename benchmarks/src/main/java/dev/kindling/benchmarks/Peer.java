package dev.kindling.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/** A process that says in a line what it is, and then answers every line with a line of numbers. */
final class Peer implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final String description;

    Peer(ProcessBuilder builder) {
        try {
            this.process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            this.answers = process.inputReader();
            this.description = readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String description() {
        return description;
    }

    double[] ask(Object... words) {
        try {
            String question =
                    String.join(" ", Stream.of(words).map(String::valueOf).toList());
            process.outputWriter().append(question).append('\n').flush();
            return Stream.of(readLine().split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readLine() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("it ended without an answer: "
                    + process.info().commandLine().orElse("a peer"));
        }
        return line;
    }

    /** The end of its input ends it. */
    @Override
    public void close() {
        try {
            process.outputWriter().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

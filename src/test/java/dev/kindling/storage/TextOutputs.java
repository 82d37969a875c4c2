package dev.kindling.storage;

import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Outputs whose files all hold the same text, so that a mixture of two shows. */
public final class TextOutputs {
    private TextOutputs() {}

    /** Writes a text into each of some files. */
    public static OutputDirectory.Writer writer(Configuration configuration, List<String> names, String text) {
        return directory -> {
            FileSystem files = directory.getFileSystem(configuration);
            for (String name : names) {
                try (OutputStream out = files.create(new Path(directory, name))) {
                    out.write(text.getBytes(StandardCharsets.UTF_8));
                }
            }
        };
    }

    /**
     * Writes several outputs at once.
     *
     * @return what went wrong
     */
    public static List<Throwable> writeAtOnce(List<OutputDirectory> outputs, List<OutputDirectory.Writer> writers) {
        List<CompletableFuture<Throwable>> all = IntStream.range(0, outputs.size())
                .mapToObj(k -> CompletableFuture.supplyAsync(
                        () -> catchThrowable(() -> outputs.get(k).write(writers.get(k)))))
                .toList();
        return all.stream()
                .map(CompletableFuture::join)
                .filter(Objects::nonNull)
                .toList();
    }

    /** What is done for an output called "output" on the day after tomorrow. */
    static void putRightLater(Configuration configuration, String folder) throws IOException {
        Path parent = new Path(folder);
        HiddenNeighbours.putRight(
                parent.getFileSystem(configuration),
                parent,
                "output"::equals,
                Instant.now().plus(Duration.ofDays(2)),
                warning -> {});
    }

    /** The names in a folder, sorted. */
    static List<String> names(java.nio.file.Path folder) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}

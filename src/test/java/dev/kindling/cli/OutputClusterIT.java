package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the place of the model does to a run: it becomes read-only, fills up, or is another run's too. */
class OutputClusterIT {
    @TempDir
    private Path temporary;

    private Submission train(Path model, String... options) throws IOException {
        List<String> arguments = Stream.concat(
                        Stream.of("--master", "local[2]", "--conf", "spark.ui.enabled=false", "train"),
                        Stream.concat(Stream.of("--iterations", "30", "--model", model.toString()), Stream.of(options)))
                .toList();
        return Submission.start(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), arguments);
    }

    private static List<String> left(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFolderThatBecomesReadOnlyEndsARunInOneLine() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        Submission run = train(folder.resolve("model")).await("step 3 of");
        // Permissions do not stop root.
        boolean locked = Commands.succeed("chattr", "+i", folder.toString());
        if (!locked) {
            Submission.signal("KILL", run.process());
        }
        assumeTrue(locked, "chattr +i is refused here");
        try {
            run.result().failsWith(1, folder + "/model: cannot write there", "the run cannot be saved either");
            train(folder.resolve("model")).result().failsWith(1, folder + "/model: cannot write there");
        } finally {
            assertThat(Commands.succeed("chattr", "-i", folder.toString())).isTrue();
        }
        assertThat(left(folder)).isEmpty();
    }

    @Test
    void aFileSystemThatIsFullEndsARunInOneLine() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        assumeTrue(
                Commands.succeed("mount", "-t", "tmpfs", "-o", "size=32k", "small", folder.toString()),
                "mounting a tmpfs is refused here");
        try {
            Path model = folder.resolve("model");
            train(model)
                    .result()
                    .failsWith(1, model + ": cannot write there", "No space left", "the run cannot be saved either");
            train(model, "--checkpoint-every", "10")
                    .result()
                    .failsWith(1, model + ".checkpoints/step-000000010: cannot write there", "No space left");
            assertThat(left(folder)).containsExactly("model.checkpoints");
            assertThat(left(folder.resolve("model.checkpoints"))).isEmpty();
        } finally {
            assertThat(Commands.succeed("umount", folder.toString())).isTrue();
        }
    }

    @Test
    void ofTwoRunsIntoOnePlaceTheSecondToEndLeavesTheModelOfTheFirst() throws IOException, InterruptedException {
        Path model = temporary.resolve("model");
        Submission slow = train(model).await("network");
        Submission.signal("STOP", slow.process());
        assertThat(train(model).result().digest()).isNotEmpty();
        List<Path> files = filesIn(model);
        Submission.signal("CONT", slow.process());
        slow.result().failsWith(1, model + ": exists already", "the training is not lost: step ");
        assertThat(filesIn(model)).isEqualTo(files); // Spark names each file anew
        assertThat(left(temporary)).containsExactly("model", "model.checkpoints"); // of the second
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }
}

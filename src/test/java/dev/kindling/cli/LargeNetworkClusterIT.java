package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.cli.Submission.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network of thirty million parameters: 120 MB of floats, and 240 MB of sums from each executor. */
@Tag("long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LargeNetworkClusterIT {
    private static final List<String> ENOUGH = List.of("--driver-memory", "2g");

    @TempDir
    private Path folder;

    private static Submission submit(List<String> options, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of("--master", "local-cluster[2,1,2048]"));
        all.addAll(List.of("--conf", "spark.executor.memory=2g", "--conf", "spark.ui.enabled=false"));
        all.addAll(options);
        all.addAll(command);
        return Submission.start(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), all);
    }

    private Submission train(List<String> options, String model, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("train", "--layers", "784,5100,5100,10", "--iterations", "4"));
        command.addAll(List.of("--learning-rate", "0.0005", "--checkpoint-every", "2", "--model", place(model)));
        command.addAll(List.of(more));
        return submit(options, command);
    }

    private String place(String model) {
        return folder.resolve(model).toString();
    }

    @Test
    void itSaysBeforeItStartsHowMuchMemoryItNeedsAndIsTrainedResumedSavedAndEvaluated()
            throws IOException, InterruptedException {
        train(List.of(), "refused").result().failsWith(1, "30,069,610 parameters", "--driver-memory 2g");
        assertThat(folder).isEmptyDirectory();

        Result undisturbed = train(ENOUGH, "model").result();
        assertThat(undisturbed.out()).contains("step 4 of 4");

        Submission killed = train(ENOUGH, "killed").await("step 2 of 4");
        while (Files.notExists(folder.resolve("killed.checkpoints/step-000000002"))) {
            assertThat(killed.process().isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Submission.signal("KILL", killed.process());
        Result resumed = train(ENOUGH, "killed", "--resume").result();
        assertThat(resumed.out()).contains("after step 2");
        assertThat(resumed.digest()).isEqualTo(undisturbed.digest());

        Result evaluated =
                submit(ENOUGH, List.of("evaluate", "--model", place("killed"))).result();
        assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("of 10,000 rows");
    }
}

package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.training.ExecutorsComeAndGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executors that leave with notice, or because they are idle, and others that come. */
@EnabledOnOs(OS.LINUX)
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ExecutorsClusterIT {
    @TempDir
    private static Path shared;

    private static StandaloneCluster cluster;

    @BeforeAll
    static void startTheMaster() throws Exception {
        cluster = new StandaloneCluster(shared);
    }

    @AfterAll
    static void endAllProcesses() throws Exception {
        cluster.end();
    }

    /** With dynamic allocation, all leave after the first training, and come again for the second. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExecutorWithNoticeHandsItsBlocksOverAndOneThatJoinsTakesItsShare(boolean dynamic) throws Exception {
        while (cluster.workers().size() < 2) {
            cluster.startWorker();
        }
        Submission run = Submission.program(ExecutorsComeAndGo.class, shared, cluster.environment(), settings(dynamic));
        run.await("on two");
        Process leaving = cluster.workers().get(0);
        Submission.signal("PWR", leaving.toHandle());
        run.await("on one");
        Submission.signal("KILL", leaving.toHandle());
        cluster.startWorker();
        run.await("on two");
        if (dynamic) {
            run.await("on none");
        }
        Submission.Result result = run.result();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.out().lines().filter(line -> !line.startsWith("on ")))
                .containsExactly(
                        "packed again: 0, rounds that could not be while one left: 0",
                        "packed again: 0, rounds that could not be while one left: 0",
                        "same bits",
                        "same bits");
        cluster.awaitQuiet();
    }

    private static List<String> settings(boolean dynamic) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "spark.master=" + cluster.url(),
                "spark.ui.enabled=false",
                "spark.executor.cores=1",
                "spark.executorEnv.OPENBLAS_NUM_THREADS=1",
                "spark.scheduler.minRegisteredResourcesRatio=1",
                "spark.jars=" + Submission.jars(), // executors fetch them, as those of a command do
                "spark.decommission.enabled=true",
                "spark.storage.decommission.enabled=true"));
        settings.add(dynamic ? "spark.dynamicAllocation.initialExecutors=2" : "spark.cores.max=2");
        if (dynamic) {
            settings.addAll(List.of(
                    "spark.dynamicAllocation.enabled=true",
                    "spark.dynamicAllocation.shuffleTracking.enabled=true",
                    "spark.dynamicAllocation.executorIdleTimeout=5s"));
        }
        return settings;
    }
}

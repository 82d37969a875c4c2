package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stages of Spark ML that are saved on S3, by PySpark of a whole distribution, with an executor in a process of its own. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class StagesS3IT {
    @Test
    void stagesAreReadAsTheyWereWritten() throws Exception {
        S3Server server = new S3Server();
        try {
            Path home = Submission.distribution();
            Map<String, String> environment = Map.of(
                    "SPARK_LOCAL_IP",
                    "127.0.0.1",
                    "SPARK_HOME",
                    home.toString(),
                    "PYSPARK_PYTHON",
                    home.resolveSibling("bin/python").toString());
            Submission.Result result =
                    Submission.run(environment, command(home, server)).result();
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).contains("refused: ", "already exists", "all were read as they were written");
            assertThat(server.store().keys("stages/"))
                    .contains("stages/model/model/parameters.parquet", "stages/pipeline/metadata/_SUCCESS")
                    .noneMatch(key -> key.contains("/."));
        } finally {
            server.stop();
        }
    }

    private static List<String> command(Path home, S3Server server) throws IOException {
        String kindling = Submission.jars();
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/spark-submit").toString()));
        command.addAll(List.of("--jars", kindling + "," + Submission.jarsIn("s3")));
        command.addAll(List.of("--py-files", kindling.split(",", 2)[0], "--master", "local-cluster[1,1,1024]"));
        command.addAll(List.of("--conf", "spark.ui.enabled=false", "--conf", "spark.log.level=ERROR"));
        command.addAll(server.options());
        command.addAll(List.of("src/test/python/save_and_load.py", S3Server.ROOT + "stages"));
        return command;
    }
}

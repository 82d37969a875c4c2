package guest.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/spark-ml.md in Java runs. */
@Tag("slow")
class PipelinesExampleTest {
    @Test
    void pipelinesAreFittedSavedAndTuned(@TempDir Path folder) throws Exception {
        String path = System.getProperty("java.class.path");
        String[] compile = {"-proc:none", "-d", folder.toString(), "-classpath", path, "examples/Pipelines.java"};
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, compile))
                .isZero();
        assertThat(Tables.SPARK).isNotNull();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        URL[] classes = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes)) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            String[] arguments = {
                "examples/iris.csv", folder.resolve("pipeline").toString()
            };
            loader.loadClass("Pipelines").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("accuracy (0\\.9[6-9]|1\\.00)")
                .contains("the same predictions: true", "mean log losses [")
                .containsPattern("the loss went from [1-9]\\.\\d\\d to 0\\.0\\d")
                .containsPattern("R2 0\\.9\\d");
    }
}

package guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.cli.Submission;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Spark distribution with Kindling's jar, and nothing else of ours: what docs/library.md says of --jars. */
class JarDistributionIT {
    /** Libraries that are for the command line alone. */
    private static final String OPTIONAL = "Seq(\"picocli.CommandLine\", \"me.tongfei.progressbar.ProgressBar\","
            + " \"org.knowm.xchart.XYChart\", \"org.apache.batik.svggen.SVGGraphics2D\")";

    private static Path home;
    private static Path jar;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findTheDistribution() throws IOException {
        String[] built = Files.readString(Path.of("target/submit.built")).split(" ", 2);
        home = Submission.distribution();
        jar = Path.of("target", built[1].strip()).toAbsolutePath();
    }

    /** What a command of the distribution prints. */
    private String run(String input, String command, String... options) throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(List.of(home.resolve("bin").resolve(command).toString()));
        all.addAll(List.of("--jars", jar.toString()));
        all.addAll(List.of("--conf", "spark.ui.enabled=false", "--conf", "spark.log.level=ERROR"));
        all.addAll(List.of(options));
        Path lines = Files.writeString(folder.resolve("input"), input);
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectInput(lines.toFile()).redirectError(errors.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_HOME", home.toString());
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return printed;
    }

    /** With executors in processes of their own, which get the jar from the driver. */
    @Test
    void theLinesInScalaRunInTheShell() throws IOException, InterruptedException {
        String absent =
                "for (name <- " + OPTIONAL + ") println(\"found \" + name + \": \" + scala.util.Try(Class.forName("
                        + "name, false, Thread.currentThread.getContextClassLoader)).isSuccess)\n";
        String input = Files.readString(Path.of("examples/flowers.scala"))
                + Files.readString(Path.of("examples/categories.scala"))
                + Files.readString(Path.of("examples/pipelines.scala"))
                + absent;
        String printed = run(input, "spark-shell", "--master", "local-cluster[1,2,1024]");
        assertThat(printed)
                .containsPattern("1(4[5-9]|50) of 150 are right")
                .contains("it is setosa", "3000 of 3000 are right", "dense vectors give the same bits: true")
                .containsPattern("accuracy (0\\.9[6-9]|1\\.00)")
                .containsPattern("mean log losses [0-9.]+, [0-9.]+")
                .containsPattern("R2 0\\.9\\d")
                .containsPattern("in place of the perceptron (0\\.9[6-9]|1\\.00)")
                .contains("found picocli.CommandLine: false")
                .doesNotContainPattern("found [\\w.]+: true")
                .doesNotContain("error:");
    }

    @Test
    void theProgramsRunAsTheGuideSays() throws IOException, InterruptedException {
        String classes = folder.resolve("classes").toString();
        List<Path> path = new ArrayList<>(files(home.resolve("jars"), ".jar"));
        path.add(jar);
        List<String> compile = new ArrayList<>(List.of("-proc:none", "-d", classes, "-classpath"));
        compile.add(path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        files(Path.of("examples"), ".java").forEach(file -> compile.add(file.toString()));
        tool("javac", compile);
        String programs = folder.resolve("examples.jar").toString();
        tool("jar", List.of("--create", "--file", programs, "-C", classes, "."));
        String model = folder.resolve("model").toString();
        assertThat(run("", "spark-submit", "--class", "Flowers", programs, "examples/iris.csv", model))
                .contains("|species|prediction|probability", "The same model: true", "the same bits: true");
    }

    private static List<Path> files(Path directory, String extension) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(extension)).toList();
        }
    }

    private static void tool(String name, List<String> arguments) {
        int exit = ToolProvider.findFirst(name)
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(exit).as(name).isZero();
    }
}

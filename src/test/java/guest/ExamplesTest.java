package guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Classifier;
import dev.kindling.SparkTest;
import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.Model;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Console;
import scala.runtime.AbstractFunction0;

/**
 * The programs of examples/ run, and the guides show nothing but lines of them. JarDistributionIT runs those in Scala, and those
 * with Spark ML run where there is Breeze: in guest.ml.
 */
@Tag("slow")
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("examples");

    @TempDir
    private static Path classes;

    @TempDir
    private Path folder;

    @BeforeAll
    static void compile() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-classpath", System.getProperty("java.class.path"), "-Xlint:all,-classfile", "-Werror", "-proc:none"));
        arguments.addAll(List.of("-d", classes.toString()));
        files(".java").stream()
                .filter(file -> !file.endsWith("Pipelines.java"))
                .forEach(file -> arguments.add(file.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private static List<Path> files(String extension) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(extension)).toList();
        }
    }

    private static Object main(ClassLoader loader, String program, String... arguments) {
        try {
            return loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(program + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(program, e);
        }
    }

    /** What a program prints, in the session that is there. */
    private static String run(String program, String... arguments) throws IOException {
        SparkTest.session();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path)) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            // Dataset.show prints on Scala's console, which keeps the first System.out that it sees.
            Console.withOut(printed, new AbstractFunction0<Object>() {
                @Override
                public Object apply() {
                    return main(loader, program, arguments);
                }
            });
        } finally {
            System.setOut(before);
        }
        assertThat(SparkTest.session().sparkContext().isStopped()).isFalse();
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void flowersAreTold() throws IOException {
        String printed =
                run("Flowers", "examples/iris.csv", folder.resolve("model").toString());
        assertThat(printed)
                .contains("|species|prediction|probability")
                .containsPattern("14[5-9] of 150 are right|150 of 150 are right")
                .contains("The same model: true", "[setosa, versicolor, virginica]", "the same bits: true")
                .contains("Trained on, it predicts one of [setosa, versicolor, virginica]");
    }

    @Test
    void housesHaveAPrice() throws IOException {
        String printed = run("Houses");
        assertThat(printed).containsPattern("\\|0\\.99\\d+\\|\\n").contains("expected_rent");
        Matcher price = Pattern.compile("1990 cost (\\d+),").matcher(printed);
        assertThat(price.find()).isTrue();
        assertThat(Integer.parseInt(price.group(1))).isBetween(295, 325);
    }

    @Test
    void whatIsRareIsFoundWithWeights() throws IOException {
        String printed = run("Weights");
        Matcher found = Pattern.compile("Of (\\d+) who left last year are found: plain (\\d+), balanced (\\d+)")
                .matcher(printed);
        assertThat(found.find()).as(printed).isTrue();
        assertThat(Integer.parseInt(found.group(3))).isGreaterThan(Integer.parseInt(found.group(2)));
        assertThat(printed).contains("12 rows have no age and no prediction");
    }

    @Test
    void oneRowIsPredicted() throws IOException {
        assertThat(run("OneRow")).contains("It is setosa", "have the probabilities [");
    }

    /** In a JVM with Kindling's classes alone. */
    @Test
    void aServicePredictsRowsWithoutSpark() throws IOException, InterruptedException {
        Model model = new Classifier()
                .label("species")
                .recipe(recipe -> recipe.iterations(200))
                .fit(Fits.flowers())
                .network();
        Path file = folder.resolve("flowers.onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            OnnxWriter.write(model, OnnxInput.of(model), out);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String service = EXAMPLES.resolve("PredictionService.java").toString();
        Process process = new ProcessBuilder(java, "-cp", "target/classes", service, file.toString(), "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = process.inputReader()) {
            URI address = URI.create(printed.readLine());
            String answer = "setosa of [setosa, versicolor, virginica] with [0.9";
            assertThat(post(address, "5.1,3.5,1.4,0.2")).startsWith("200 " + answer);
            assertThat(post(address, "[5.1, 3.5, 1.4, 0.2]")).startsWith("200 " + answer);
            assertThat(post(address, "5.1,3.5")).startsWith("400 the row: found 2 features, expected 4: sepal_length");
            assertThat(post(address, "five")).startsWith("400 ").contains("five");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static String post(URI address, String row) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofString(row))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Test
    void aFitIsWatchedAndStops() throws IOException {
        assertThat(run("Steps")).contains("step 100 of 1000, loss 0.", "rows held out", "after step 20 loss ");
    }

    @Test
    void namesBecomeFeatures() throws IOException {
        assertThat(run("Categories")).contains("[items, city_Bern, city_Oslo, city_Rome]", "3000 of 3000 are right");
    }

    @Test
    void aStreamIsPredicted() throws IOException {
        Path input = Files.createDirectories(folder.resolve("input"));
        Files.copy(EXAMPLES.resolve("iris.csv"), input.resolve("iris.csv"));
        assertThat(run("Stream", input.toString())).containsPattern("setosa\\|\\s+50\\|");
    }

    @Test
    void aStreamTakesTheModelThatIsSavedBetweenTwoBatches() throws IOException {
        assertThat(run("Retrained", folder.toString()))
                .containsPattern("\\|batch\\|setosa\\|versicolor\\|virginica\\|")
                .containsPattern("\\|\\s+0\\|\\s+50\\|\\s+100\\|\\s+NULL\\|")
                .containsPattern("\\|\\s+1\\|\\s+50\\|\\s+\\d+\\|\\s+\\d+\\|");
    }

    @Test
    void aModelIsAFunctionOfSql() throws IOException {
        SqlSession.activate();
        try {
            assertThat(run("Sql", folder.resolve("model").toString()))
                    .containsPattern("\\|\\s+setosa\\|\\s+50\\|")
                    .containsPattern("1[45]\\d of 150 are right");
        } finally {
            SparkSession.setActiveSession(SparkTest.session());
        }
    }

    @ParameterizedTest
    @CsvSource({"sql.md, java python", "library.md, java scala", "spark-ml.md, java scala python"})
    void theGuidesShowLinesOfThem(String name, String languages) throws IOException {
        String guide = Files.readString(Path.of("docs", name));
        for (String language : languages.split(" ", -1)) {
            List<String> programs = new ArrayList<>();
            for (Path file : files("." + language.replace("python", "py"))) {
                programs.add(unindented(Files.readString(file)));
            }
            Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                    .matcher(guide);
            int blocks = 0;
            for (; block.find(); blocks++) {
                String code = unindented(block.group(1));
                assertThat(programs).as(block.group()).anyMatch(program -> program.contains(code));
            }
            assertThat(blocks).as(language).isPositive();
        }
    }

    /** Without the indentation of its lines. */
    private static String unindented(String code) {
        return code.lines().map(String::strip).reduce("", (all, line) -> all + line + "\n");
    }
}

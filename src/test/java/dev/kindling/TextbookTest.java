package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.network.Architecture;
import dev.kindling.training.GoldenRun;
import dev.kindling.training.Recipe;
import dev.kindling.training.Recipes;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/textbook/NeuralNetwork.java, the file that a learner reads first, computes what the Spark job does. */
class TextbookTest {
    private static final Path FILE = Path.of("docs/textbook/NeuralNetwork.java").toAbsolutePath();
    private static final Architecture ARCHITECTURE = Architecture.parse("784,10,10");

    @TempDir
    private Path folder;

    /** The file's class, compiled where there is nothing but the JDK's base module. */
    private Class<?> textbook() throws IOException, ReflectiveOperationException {
        String here = folder.toString();
        String[] arguments = {
            "--limit-modules", "java.base", "-classpath", here, "-Xlint:all", "-Werror", "-d", here, FILE.toString()
        };
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();
        URL[] classes = {folder.toUri().toURL()};
        return new URLClassLoader(classes, ClassLoader.getPlatformClassLoader()).loadClass("NeuralNetwork");
    }

    private static Method method(Class<?> textbook, String name) {
        Method method = Arrays.stream(textbook.getDeclaredMethods())
                .filter(m -> m.getName().equals(name))
                .findAny()
                .orElseThrow();
        method.setAccessible(true);
        return method;
    }

    /** The Parameters of the file, from a flat array laid out as {@link Architecture} says. */
    private static Object parameters(Class<?> textbook, float[] flat) throws ReflectiveOperationException {
        Object[] layers = new Object[2 * ARCHITECTURE.layers()];
        for (int l = 0; l < ARCHITECTURE.layers(); l++) {
            int units = ARCHITECTURE.units(l);
            double[][] weights = new double[ARCHITECTURE.inputs(l)][];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = doubles(flat, ARCHITECTURE.weights(l) + i * units, units);
            }
            layers[2 * l] = weights;
            layers[2 * l + 1] = doubles(flat, ARCHITECTURE.biases(l), units);
        }
        Constructor<?> constructor = Class.forName("NeuralNetwork$Parameters", true, textbook.getClassLoader())
                .getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(layers);
    }

    private static double[] doubles(float[] flat, int from, int length) {
        double[] part = new double[length];
        for (int k = 0; k < length; k++) {
            part[k] = flat[from + k];
        }
        return part;
    }

    /**
     * Both compute in float64, from the same start and the same pixels. Only the order of their sums differs, which changes
     * the loss by some 1e-14 of it. The tolerance leaves room for another JVM's exp and log, and for no other formula.
     */
    @Test
    void itsTenFullBatchStepsHaveTheLossesOfTheGoldenRun() throws IOException, ReflectiveOperationException {
        Class<?> textbook = textbook();
        Object images = method(textbook, "images").invoke(null, "train-images-idx3-ubyte.gz");
        Object labels = method(textbook, "read").invoke(null, "train-labels-idx1-ubyte.gz", 1);
        Recipe classic = Recipes.classic(ARCHITECTURE, 10);
        Object parameters = parameters(textbook, classic.initialisation().draw(ARCHITECTURE, 1));
        Method step = method(textbook, "step");
        for (double[] golden : GoldenRun.steps()) {
            double loss = (double) step.invoke(null, parameters, images, labels, classic.learningRate());
            assertThat(loss).as("loss of step %.0f", golden[0]).isCloseTo(golden[1], within(1e-12 * golden[1]));
        }
    }

    @Test
    void itIsReadInOneSittingAndImportsTheJdkOnly() throws IOException {
        assertThat(Files.readAllLines(FILE))
                .hasSizeLessThan(200)
                .filteredOn(line -> line.startsWith("import "))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("import java."));
    }

    @Test
    void whereThereIsNoDataItSaysInOneLineWhatIsMissingAndWhereToRunIt() throws IOException, InterruptedException {
        ProcessBuilder launch = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), FILE.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        launch.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM would say that it picked them up
        Process process = launch.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(said.lines())
                .singleElement()
                .asString()
                .contains("train-images-idx3-ubyte.gz", "run this from the root of the repository");
    }
}

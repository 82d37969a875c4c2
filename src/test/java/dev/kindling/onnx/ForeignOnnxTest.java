package dev.kindling.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Mutations;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.Standardisation;
import dev.kindling.network.StoredFeatures;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that PyTorch, Keras and scikit-learn exported; src/test/python/make_onnx_fixtures.py made them. */
class ForeignOnnxTest {
    private static final Path FOLDER = Path.of("src/test/resources/onnx");

    private static Model read(String name) throws IOException {
        return OnnxReader.read(name, Files.readAllBytes(FOLDER.resolve(name + ".onnx")));
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
    }

    /** Each line of the fixture has a row, and what ONNX Runtime gave for it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pytorch",
                "pytorch-torchscript",
                "keras",
                "scikit-learn",
                "scikit-learn-binary",
                "scikit-learn-numbers"
            })
    void aNetworkOfAnotherProgramGivesWhatItGivesThere(String name) throws IOException {
        Model model = read(name);
        Architecture layers = model.architecture();
        Standardisation none = new Standardisation(new double[layers.inputs()], ones(layers.inputs()));
        RowPredictor predictor = new RowPredictor(
                layers,
                model.parameters(),
                model.signature().map(s -> s.inputs().standardisation()).orElse(none));
        List<String> lines = Files.readAllLines(FOLDER.resolve(name + ".csv"));
        assertThat(lines).hasSizeGreaterThan(3);
        for (String line : lines) {
            String[] parts = line.split("\\|", -1);
            float[] found = predictor.outputs(predictor.logits(StoredFeatures.all(numbers(parts[0]))));
            double[] expected = numbers(parts[1]);
            assertThat(found).hasSameSizeAs(expected);
            double size =
                    Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
            for (int k = 0; k < expected.length; k++) {
                assertThat((double) found[k]).isCloseTo(expected[k], within(1e-6 * size));
            }
        }
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void namesAndLabelsAreThoseOfTheFile() throws IOException {
        Signature iris = read("scikit-learn").signature().orElseThrow();
        assertThat(iris.labels().orElseThrow().values()).containsExactly("setosa", "versicolor", "virginica");
        assertThat(iris.labels().orElseThrow().type()).isEqualTo("STRING");
        assertThat(iris.inputs().form()).isEqualTo(FeatureForm.ARRAY);
        assertThat(iris.inputs().columns()).containsExactly("X");
        Signature binary = read("scikit-learn-binary").signature().orElseThrow();
        assertThat(binary.labels().orElseThrow().values()).containsExactly("0", "1");
        Signature numbers = read("scikit-learn-numbers").signature().orElseThrow();
        assertThat(numbers.targets().map(Targets::columns)).contains(List.of("variable"));
        assertThat(read("keras").signature()).isEmpty();
        assertThat(read("keras").provenance().data()).isEqualTo("keras");
    }

    @Test
    void aLinearEndIsNumbersOrScoresOfClasses() throws IOException {
        Model numbers = read("pytorch");
        assertThat(numbers.architecture().output()).isEqualTo(Output.IDENTITY);
        assertThat(numbers.signature().orElseThrow().targets().orElseThrow().columns())
                .hasSize(10)
                .startsWith("logits_0", "logits_1");
        Model classes =
                OnnxReader.read("pytorch.onnx", Files.readAllBytes(FOLDER.resolve("pytorch.onnx")), Output.SOFTMAX);
        assertThat(classes.architecture().output()).isEqualTo(Output.SOFTMAX);
        assertThat(classes.signature()).isEmpty();
        assertThat(classes.parameters()).isEqualTo(numbers.parameters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch", "keras", "scikit-learn", "scikit-learn-binary", "scikit-learn-numbers"})
    void damagedFilesAreReadAsModelsOrRefusedInOneLine(String name) throws IOException {
        Mutations.damage(Files.readAllBytes(FOLDER.resolve(name + ".onnx")), 1_000, 8 << 20, OnnxTest::readAndWrite);
    }

    /** A graph of two inputs, two units and three classes, after what a test puts before it. */
    private record Case(String name, String message, Consumer<GraphWriter> graph) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static void start(GraphWriter graph) {
        graph.input("x", Tensor.Type.FLOAT, 2);
        graph.floats("W", new int[] {2, 3}, new float[6]);
        graph.floats("b", new float[3]);
    }

    private static void layer(GraphWriter graph) {
        start(graph);
        graph.node("Gemm", "z", "x", "W", "b");
    }

    private static Case refused(String name, String message, Consumer<GraphWriter> graph) {
        return new Case(name, message, graph);
    }

    static List<Case> refusedGraphs() {
        List<Case> cases = new ArrayList<>();
        cases.add(refused("another operator", "node 'y' (Conv): found an operator", graph -> {
            layer(graph);
            graph.node("Conv", "y", "z", "W");
            graph.output("y", Tensor.Type.FLOAT, 3);
        }));
        cases.add(refused("a cycle", "node 'p' (Softmax): found that input 0 is given by no node before it", graph -> {
            layer(graph);
            graph.node("Softmax", "p", "q");
            graph.node("Identity", "q", "p");
            graph.output("q", Tensor.Type.FLOAT, 3);
        }));
        cases.add(refused("a branch", "node 's' (Sigmoid): found that input 0 is not what the node before", graph -> {
            layer(graph);
            graph.node("Relu", "a", "z");
            graph.node("Sigmoid", "s", "z");
            graph.output("s", Tensor.Type.FLOAT, 3);
        }));
        cases.add(refused("an output within", "output 'a': found something within the network", graph -> {
            layer(graph);
            graph.node("Relu", "a", "z");
            graph.output("a", Tensor.Type.FLOAT, 3);
        }));
        cases.add(refused("layers with nothing between", "node 'y' (MatMul): found that it takes the sums", graph -> {
            layer(graph);
            graph.floats("V", new int[] {3, 1}, new float[3]);
            graph.node("MatMul", "y", "z", "V");
            graph.output("y", Tensor.Type.FLOAT, 1);
        }));
        cases.add(refused("weights of another size", "node 'y' (MatMul): found weights for rows of 3", graph -> {
            start(graph);
            graph.floats("V", new int[] {3, 1}, new float[3]);
            graph.node("MatMul", "y", "x", "V");
            graph.output("y", Tensor.Type.FLOAT, 1);
        }));
        cases.add(refused("biases of another size", "node 'y' (Add): found a constant of shape [2]", graph -> {
            layer(graph);
            graph.floats("c", new float[2]);
            graph.node("Add", "y", "z", "c");
            graph.output("y", Tensor.Type.FLOAT, 3);
        }));
        cases.add(refused("the largest of each column", "node 'y' (ArgMax): found axis 0", graph -> {
            layer(graph);
            graph.node("ArgMax", "y", "z");
            graph.output("y", Tensor.Type.INT64);
        }));
        cases.add(refused("several labels of a row", "node 'y' (Sigmoid): found that it takes rows of 3", graph -> {
            layer(graph);
            graph.node("Sigmoid", "y", "z");
            graph.output("y", Tensor.Type.FLOAT, 3);
        }));
        cases.add(refused("labels of another number", "node 'y' (Gather): found 2 labels", graph -> {
            layer(graph);
            graph.wholes("labels", 1, 2);
            graph.argMax("z", "best");
            graph.node("Gather", "y", "labels", "best");
            graph.output("y", Tensor.Type.INT64);
        }));
        cases.add(refused("a cast that rounds", "node 'i' (Cast): found that it makes type number 7", graph -> {
            start(graph);
            graph.cast("x", "i", Tensor.Type.INT64);
        }));
        cases.add(refused("no layer", "found no layer or no output", graph -> {
            start(graph);
            graph.output("x", Tensor.Type.FLOAT, 2);
        }));
        cases.add(refused("two inputs of two columns", "input 'y': found one of several", graph -> {
            graph.input("y", Tensor.Type.FLOAT, 2);
            start(graph);
        }));
        cases.add(refused("a class in the midst", "found that the network goes on where a class was chosen", graph -> {
            layer(graph);
            graph.argMax("z", "best");
            graph.node("Relu", "a", "z");
            graph.output("best", Tensor.Type.INT64);
        }));
        cases.add(refused("a number that is not finite", "parameter 0 of layer 1 is NaN", graph -> {
            graph.input("x", Tensor.Type.FLOAT, 2);
            graph.floats("W", new int[] {2, 1}, new float[] {Float.NaN, 0});
            graph.node("MatMul", "y", "x", "W");
            graph.output("y", Tensor.Type.FLOAT, 1);
        }));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("refusedGraphs")
    void whatIsNoChainOfLayersIsRefusedByTheNameOfItsNode(Case refused) {
        GraphWriter graph = new GraphWriter();
        refused.graph().accept(graph);
        assertThatThrownBy(() -> OnnxReader.read("other.onnx", graph.file(Map.of())))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("other.onnx: ")
                .hasMessageContaining(refused.message());
    }

    /** A path in the file is not looked at. */
    @Test
    void dataInAnotherFileIsRefused() {
        ProtoWriter graph = new ProtoWriter()
                .message(
                        5,
                        tensor -> tensor.number(2, 1)
                                .text(8, "W")
                                .message(13, entry -> entry.text(1, "location").text(2, "/etc/passwd"))
                                .number(14, 1));
        byte[] file = new ProtoWriter().bytes(7, graph.toBytes()).toBytes();
        assertThatThrownBy(() -> OnnxReader.read("other.onnx", file))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("tensor 'W': found that its data is in another file");
    }

    /** A shape may claim what it likes: its elements must be there. */
    @Test
    void claimsOfTheFileMakeNoRoom() throws Exception {
        for (long size : new long[] {-1, 1 << 20, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            ProtoWriter graph = new ProtoWriter()
                    .message(
                            5,
                            tensor -> tensor.number(1, size)
                                    .number(1, size)
                                    .number(2, 1)
                                    .text(8, "W")
                                    .bytes(9, new byte[64]));
            byte[] file = new ProtoWriter().bytes(7, graph.toBytes()).toBytes();
            Mutations.expectReadOrRefused(file, 1 << 20, OnnxTest::readAndWrite);
        }
        byte[] endless = {58, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
        Mutations.expectReadOrRefused(endless, 1 << 20, OnnxTest::readAndWrite);
    }
}

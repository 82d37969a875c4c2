package dev.kindling.benchmarks.kernels;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kindling.Predictor;
import dev.kindling.benchmarks.Mnist;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The probabilities of images, one or 256 at a time, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xss16m") // ONNX Runtime ends a JVM whose threads have stacks of 1 MB
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PredictorBenchmark {
    private static final int ROWS = 2_048;
    private static final int FEATURES = 784;
    private static final int CLASSES = 10;

    /** kindling: as it is; java: the same without the Vector API; onnxruntime: the same file in ONNX Runtime, on one thread. */
    @Param({"kindling", "java", "onnxruntime"})
    public String by;

    @Param({"784,10,10", "784,100,10"})
    public String layers;

    @Param({"1", "256"})
    public int rows;

    /** Shape (ROWS, FEATURES). */
    private final float[] images = new float[ROWS * FEATURES];

    private float[] features;
    private float[] probabilities;
    private int next;
    private Runnable predict;

    /** JMH gives each combination a JVM of its own, so what is set here comes before the classes that read it. */
    @Setup
    public void prepare() throws IOException, OrtException {
        System.setProperty("kindling.kernels", by.equals("java") ? "java" : "");
        List<Block> blocks = Mnist.train(0);
        for (int b = 0, at = 0; at < images.length; b++) {
            float[] block = new float[blocks.get(b).rows() * FEATURES];
            blocks.get(b).unpack(block);
            System.arraycopy(block, 0, images, at, block.length);
            at += block.length;
        }
        features = new float[rows * FEATURES];
        probabilities = new float[rows * CLASSES];
        Architecture architecture = Architecture.parse(layers);
        Model model = new Model(architecture, Initialisation.HE.draw(architecture, 1), Provenance.imported("", ""));
        ByteArrayOutputStream onnx = new ByteArrayOutputStream();
        OnnxWriter.write(model, OnnxInput.of(model), onnx);
        Predictor predictor = Predictor.read("model.onnx", onnx.toByteArray());
        predict = by.equals("onnxruntime")
                ? onnxRuntime(onnx.toByteArray())
                : () -> predictor.probabilities(rows, features, probabilities);
        predict.run();
        requireSame(predictor);
    }

    /** With a tensor that is made once and filled again, so that it makes as few objects as it can. */
    private Runnable onnxRuntime(byte[] onnx) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        OrtSession session = environment.createSession(onnx, options);
        FloatBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES * features.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, new long[] {rows, FEATURES});
        Map<String, OnnxTensor> inputs =
                Map.of(session.getInputNames().iterator().next(), tensor);
        Set<String> outputs = Set.of("probability");
        return () -> {
            buffer.put(0, features);
            try (OrtSession.Result result = session.run(inputs, outputs)) {
                ((OnnxTensor) result.get(0)).getFloatBuffer().get(probabilities);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private void requireSame(Predictor predictor) {
        float[] expected = new float[probabilities.length];
        predictor.probabilities(rows, features, expected);
        for (int k = 0; k < expected.length; k++) {
            if (!(Math.abs(expected[k] - probabilities[k]) < 1e-5f)) {
                throw new IllegalStateException(
                        "found " + Arrays.toString(probabilities) + ", expected " + Arrays.toString(expected));
            }
        }
    }

    @Benchmark
    public float[] probabilities() {
        System.arraycopy(images, next * FEATURES, features, 0, features.length);
        predict.run();
        next = (next + rows) % ROWS;
        return probabilities;
    }
}

package guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.Standardisation;
import dev.kindling.network.StoredFeatures;
import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.JsonReader;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** An exported model in ONNX Runtime for Java, on all test images. The profile {@code onnx} brings the runtime. */
class OnnxRuntimeIT {
    private static final int PIXELS = 784;
    private static final int IMAGES = 10_000;

    /** Sums of the network go up to 27, where floats are 2e-6 apart; both programs are about as far from exact arithmetic. */
    private static final float CLOSE = 3e-6f;

    private static InputStream unzipped(String file) throws IOException {
        return new GZIPInputStream(Files.newInputStream(Path.of(file)));
    }

    @Test
    void allTestImagesArePredictedAsHere() throws IOException, OrtException {
        JsonReader.Parameters read =
                JsonReader.read("weights.json", unzipped("src/test/resources/numpy/weights.json.gz"));
        Model model = new Model(read.architecture(), read.parameters(), Provenance.imported("", ""));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        OnnxWriter.write(model, new OnnxInput(OnnxInput.Type.UINT8, false), file);
        byte[] pixels;
        try (InputStream images = unzipped("data/mnist/t10k-images-idx3-ubyte.gz")) {
            pixels = Arrays.copyOfRange(images.readAllBytes(), 16, 16 + IMAGES * PIXELS);
        }

        ByteBuffer direct = ByteBuffer.allocateDirect(pixels.length).order(ByteOrder.nativeOrder());
        direct.put(pixels).flip();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toByteArray());
                OnnxTensor features =
                        OnnxTensor.createTensor(environment, direct, new long[] {IMAGES, PIXELS}, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("features", features))) {
            long[] predictions = (long[]) result.get("prediction").orElseThrow().getValue();
            float[][] probabilities =
                    (float[][]) result.get("probability").orElseThrow().getValue();
            assertSame(model, pixels, predictions, probabilities);
        }
    }

    private static void assertSame(Model model, byte[] pixels, long[] predictions, float[][] probabilities) {
        double[] white = new double[PIXELS];
        Arrays.fill(white, Inputs.LEVELS);
        RowPredictor predictor = new RowPredictor(
                model.architecture(), model.parameters(), new Standardisation(new double[PIXELS], white));
        double[] row = new double[PIXELS];
        assertThat(predictions).hasSize(IMAGES);
        for (int i = 0; i < IMAGES; i++) {
            for (int k = 0; k < PIXELS; k++) {
                row[k] = pixels[i * PIXELS + k] & 0xff;
            }
            float[] expected = predictor.outputs(predictor.logits(StoredFeatures.all(row)));
            int best = 0;
            for (int c = 0; c < expected.length; c++) {
                assertThat(probabilities[i][c]).as("image %d", i).isCloseTo(expected[c], within(CLOSE));
                best = expected[c] > expected[best] ? c : best;
            }
            assertThat(predictions[i]).as("image %d", i).isEqualTo(best);
        }
    }
}

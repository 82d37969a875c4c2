package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("9,21,5");
    private static final int ROWS = 13;

    private final Random random = new Random(1);

    /** On this machine a native BLAS may not be there, or not be used: netlib's own stands for it. */
    @Test
    void aBlasIsGivenTheSameProductsAsTheKernels() {
        float[] parameters = Initialisation.UNIFORM.draw(ARCHITECTURE, 1);
        Layer below = new Layer(ARCHITECTURE, 0, parameters, ROWS, null);
        Layer belowWithBlas = new Layer(ARCHITECTURE, 0, parameters, ROWS, JavaBLAS.getInstance());
        Layer layer = new Layer(ARCHITECTURE, 1, parameters, ROWS, null);
        Layer withBlas = new Layer(ARCHITECTURE, 1, parameters, ROWS, JavaBLAS.getInstance());
        float[] x = floats(ROWS * ARCHITECTURE.inputs());

        below.forward(ROWS, x, ARCHITECTURE.inputs());
        belowWithBlas.forward(ROWS, x, ARCHITECTURE.inputs());
        assertSame(belowWithBlas.activations, below.activations);
        below.relu(ROWS);
        belowWithBlas.relu(ROWS);
        layer.forward(ROWS, below.activations, below.stride);
        withBlas.forward(ROWS, below.activations, below.stride);
        assertSame(withBlas.activations, layer.activations);

        List.of(below, belowWithBlas, layer, withBlas).forEach(Layer::prepareGradient);
        for (int row = 0; row < ROWS; row++) {
            for (int u = 0; u < layer.units; u++) {
                layer.deltas[row * layer.stride + u] = (float) random.nextGaussian();
                withBlas.deltas[row * layer.stride + u] = layer.deltas[row * layer.stride + u];
            }
        }
        float[] gradient = floats(ARCHITECTURE.parameters());
        float[] gradientWithBlas = gradient.clone();
        layer.gradient(ROWS, below.activations, below.stride, gradient);
        withBlas.gradient(ROWS, below.activations, below.stride, gradientWithBlas);
        assertSame(gradientWithBlas, gradient);

        layer.backward(ROWS, below);
        withBlas.backward(ROWS, belowWithBlas);
        assertSame(belowWithBlas.deltas, below.deltas);
    }

    private static void assertSame(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int k = 0; k < found.length; k++) {
            assertThat(found[k]).isCloseTo(expected[k], within(1e-5f));
        }
    }

    private float[] floats(int length) {
        float[] drawn = new float[length];
        for (int k = 0; k < length; k++) {
            drawn[k] = (float) random.nextGaussian();
        }
        return drawn;
    }
}

package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
    private static Block block(Architecture architecture, int rows, double zeros, Random random) {
        Block.Builder builder = new Block.Builder(architecture.inputs());
        for (int row = 0; row < rows; row++) {
            float[] features = new float[architecture.inputs()];
            for (int i = 0; i < features.length; i++) {
                features[i] = random.nextDouble() < zeros ? 0f : random.nextFloat();
            }
            builder.add(random.nextInt(architecture.classes()), features);
        }
        return builder.build();
    }

    /** The blocks have other numbers of rows, so that something left from one would show in the next. */
    @ParameterizedTest
    @CsvSource({
        "7-3, 0.8, 3",
        "7-4-3, 0.8, 1",
        "7-4-3, 0.8, 2",
        "7-4-3, 0, 2",
        "50-10-10, 0.8, 4",
        "50-10-10, 0.8, 7",
        "50-16-5, 0.8, 3",
        "50-17-9-5, 0.8, 5",
        "50-17-9-5, 0.2, 5",
        "50-63-5, 0.8, 2",
        "50-64-5, 0.8, 2"
    })
    void eachComesToTheBitsThatItComesToAlone(String layers, double zeros, int count) {
        Architecture architecture = Architecture.parse(layers.replace('-', ','));
        float[][] parameters = new float[count][];
        for (int k = 0; k < count; k++) {
            parameters[k] = Initialisation.UNIFORM.draw(architecture, k);
        }
        Networks together = new Networks(architecture, parameters, 100);
        float[][] gradients = new float[count][architecture.parameters()];
        Random random = new Random(4);
        for (int rows : new int[] {100, 1, 37}) {
            Block block = block(architecture, rows, zeros, random);
            together.gradient(block, gradients);
            for (int k = 0; k < count; k++) {
                Network alone = new Network(architecture, parameters[k], rows);
                float[] gradient = new float[architecture.parameters()];
                alone.gradient(block, gradient);
                assertThat(gradients[k]).isEqualTo(gradient);
                assertThat(together.get(k).loss()).isEqualTo(alone.loss());
                assertThat(together.get(k).correct()).isEqualTo(alone.correct());
                assertThat(active(architecture, together.get(k))).isEqualTo(active(architecture, alone));
            }
        }
    }

    private static long[] active(Architecture architecture, Network network) {
        long[] counts = new long[architecture.hiddenUnits()];
        network.addActive(counts);
        return counts;
    }
}

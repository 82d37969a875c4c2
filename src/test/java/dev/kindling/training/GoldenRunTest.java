package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.SparkTest;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.Split;
import dev.kindling.network.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ten full-batch steps on all of MNIST against float64. */
class GoldenRunTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("784,10,10");

    @Test
    void tenStepsOfTheClassicRecipeAreThoseOfAnIndependentFloat64Computation() throws IOException {
        Recipe classic = Recipes.classic(ARCHITECTURE, 10);
        List<Step> steps = new ArrayList<>();
        try (PackedRows packed = PackedRows.pack(
                DataDirectory.open(SparkTest.session(), "data/mnist", Split.TRAIN, 10), ARCHITECTURE, 2, 1)) {
            new Trainer(packed, classic, steps::add).train();
        }
        List<double[]> expected = GoldenRun.steps();
        assertThat(steps).hasSameSizeAs(expected);
        for (int k = 0; k < steps.size(); k++) {
            assertThat(steps.get(k).loss()).isCloseTo(expected.get(k)[1], within(1e-5));
            // Rows whose two best classes are closer than a float can tell may fall either way.
            assertThat(steps.get(k).accuracy()).isCloseTo(expected.get(k)[2], within(5e-5));
        }
    }

    @Test
    void theFirstGradientIsThatOfAnIndependentFloat64Computation() throws IOException {
        Recipe classic = Recipes.classic(ARCHITECTURE, 1);
        double[] gradient;
        try (PackedRows packed = PackedRows.pack(
                        DataDirectory.open(SparkTest.session(), "data/mnist", Split.TRAIN, 10), ARCHITECTURE, 2, 1);
                Exchange exchange = ExchangeKind.DEFAULT.open(packed, ARCHITECTURE)) {
            int[] all = packed.trainingBlocks().stream().toArray();
            float[][] start = {classic.initialisation().draw(ARCHITECTURE, 1)};
            gradient = exchange.sums(Order.step(all, start, 1, 1, "")).run(0).meanGradient();
        }
        double[] first = GoldenRun.steps().get(0);
        int[] ends = {0, 7_840, 7_850, 7_950, 7_960};
        for (int part = 0; part < 4; part++) {
            double norm = Math.sqrt(Arrays.stream(gradient, ends[part], ends[part + 1])
                    .map(g -> g * g)
                    .sum());
            assertThat(norm).isCloseTo(first[3 + part], within(1e-5 * first[3 + part]));
        }
    }
}

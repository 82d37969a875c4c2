package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowPredictorTest {
    private static final int ROWS = 33;

    /** Sizes of all layers, and the share of features that are not zero: blocks with few of them are sparse. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,1       | 1",
                "1,2,3     | 1",
                "3,2,1     | 1",
                "2,3,255   | 1",
                "255,1,2   | 1",
                "255,3,2   | 0.05",
                "255,255,3 | 1",
                "255,255,3 | 0.05",
                "255,17,33 | 0.5",
                "3,255,2,1 | 0.1"
            })
    void aRowAloneHasTheBitsThatItHasInABlock(String sizes, double density) {
        for (Output output : Output.values()) {
            compare(Architecture.parse(sizes).withOutput(output), density);
        }
    }

    private static void compare(Architecture architecture, double density) {
        Random random = new Random(architecture.parameters());
        float[] parameters = Initialisation.HE.draw(architecture, 3);
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] += (float) (random.nextGaussian() / 10); // biases too
        }
        int inputs = architecture.inputs();
        double[] shift = random.doubles(inputs, -1, 1).toArray();
        double[] deviation = random.doubles(inputs, 0.5, 2).toArray();
        if (density < 1) {
            shift = new double[inputs]; // zeros stay zeros
        }
        deviation[inputs / 2] = inputs > 2 ? 0 : 1;
        Standardisation standardisation = new Standardisation(shift, deviation);
        double[][] rows = new double[ROWS][inputs];
        SparseRows packed = new SparseRows(inputs, architecture.targets());
        float[] x = new float[inputs];
        for (double[] row : rows) {
            for (int k = 0; k < inputs; k++) {
                row[k] = random.nextDouble() < density ? random.nextGaussian() : 0;
            }
            standardisation.apply(row, x);
            packed.add(0, 1, new float[architecture.targets()], x);
        }
        Block block = new Block(packed);
        if (inputs == 255) {
            assertThat(block.isDense()).isEqualTo(density > 0.2);
        }
        float[] expected = new Network(architecture, parameters, ROWS).predict(block);
        RowPredictor predictor = new RowPredictor(architecture, parameters, standardisation);
        assertThat(predictor.inputs()).isEqualTo(inputs);
        for (int r = 0; r < ROWS; r++) {
            float[] found = predict(predictor, StoredFeatures.all(rows[r]));
            List<Float> ofBlock = IntStream.range(r * found.length, (r + 1) * found.length)
                    .mapToObj(k -> expected[k])
                    .toList();
            assertThat(found).containsExactly(ofBlock.toArray(Float[]::new));
            assertThat(predict(predictor, withoutZeros(rows[r]))).isEqualTo(found);
        }
        float[] together = new float[expected.length];
        predictor.predict(
                ROWS, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(), together);
        assertThat(together).isEqualTo(expected);
        assertThat(predict(predictor, withoutZeros(rows[0])))
                .isEqualTo(predict(predictor, StoredFeatures.all(rows[0]))); // the thread's space is longer now
    }

    private static float[] predict(RowPredictor predictor, StoredFeatures row) {
        return predictor.outputs(predictor.logits(row));
    }

    private static StoredFeatures withoutZeros(double... row) {
        int[] places = IntStream.range(0, row.length).filter(k -> row[k] != 0).toArray();
        return new StoredFeatures(
                row.length,
                places,
                Arrays.stream(places).mapToDouble(k -> row[k]).toArray());
    }

    /** More rows than a block has, of which some are too sparse for it. */
    @Test
    void rowsTogetherHaveTheBitsThatEachHasAlone() {
        Architecture architecture = Architecture.parse("40,30,20,3");
        double[] ones = new double[40];
        Arrays.fill(ones, 1);
        RowPredictor predictor = new RowPredictor(
                architecture, Initialisation.HE.draw(architecture, 2), new Standardisation(new double[40], ones));
        Random random = new Random(1);
        List<StoredFeatures> rows = IntStream.range(0, 2 * RowPredictor.BLOCK + 7)
                .mapToObj(r -> withoutZeros(random.doubles(40)
                        .map(x -> random.nextInt(50) < r % 50 ? x : 0)
                        .toArray()))
                .toList();
        float[][] together = predictor.logits(rows);
        assertThat(together).hasNumberOfRows(rows.size());
        for (int r = 0; r < rows.size(); r++) {
            assertThat(together[r]).isEqualTo(predictor.logits(rows.get(r)));
        }
        assertThat(predictor.logits(List.of())).isEmpty();
    }

    /** Inputs that are left out are 0, not their mean. */
    @Test
    void aSparseRowWhoseZerosAreShiftedHasTheBitsOfTheWholeRow() {
        Architecture architecture = Architecture.parse("4,5,3");
        RowPredictor predictor = new RowPredictor(
                architecture,
                Initialisation.HE.draw(architecture, 2),
                new Standardisation(new double[] {0, 3, -7, 1}, new double[] {1, 2, 0.5, 0}));
        for (double[] row : new double[][] {{0, 0, 0, 0}, {1, 0, 2, 0}, {0, 3, 0, 5}}) {
            assertThat(predictor.logits(withoutZeros(row))).isEqualTo(predictor.logits(StoredFeatures.all(row)));
        }
    }

    @Test
    void aPredictorThatHasTravelledGivesTheSameBits() throws IOException, ClassNotFoundException {
        Architecture architecture = Architecture.parse("5,20,3");
        double[] ones = {1, 1, 1, 1, 1};
        RowPredictor predictor = new RowPredictor(
                architecture, Initialisation.HE.draw(architecture, 1), new Standardisation(new double[5], ones));
        float[] before = predict(predictor, StoredFeatures.all(ones));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(predictor);
        assertThat(bytes.size()).isLessThan(2_000); // without the layers that the row has made
        Object travelled = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(predict((RowPredictor) travelled, StoredFeatures.all(ones))).isEqualTo(before);
    }
}

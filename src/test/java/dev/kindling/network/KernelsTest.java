package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.network.Kernels.Panels;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsTest {
    private static final Kernels FAST = Kernels.INSTANCE;
    private static final Kernels PLAIN = new PlainKernels();

    private final Random random = new Random(1);

    @Test
    void theVectorApiIsUsedWhereTheTestsRun() {
        assertThat(FAST.description()).startsWith("Vector API");
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 3", "3, 17", "255, 40", "256, 784", "257, 5"})
    void sparseProductsGiveTheBitsOfThePlainTwin(int rows, int inputs) {
        for (int stride : new int[] {16, 32, 48}) {
            Block x = sparse(rows, inputs, stride != 32);
            float[] values = x.values(new float[x.scratchLength()]);
            int depth = x.strips() * Block.STRIP;
            Panels w = panels(depth, stride);
            Panels g = panels(depth, stride);
            Panels plainG = new Panels(g.values().clone(), g.row(), g.panel());
            float[] d = floats(rows * stride);
            float[] z = floats(rows * stride);
            float[] plainZ = z.clone();
            FAST.sparseForward(x, values, w.values(), z, stride);
            PLAIN.sparseForward(x, values, w.values(), plainZ, stride);
            assertThat(z).isEqualTo(plainZ);
            FAST.sparseBackward(x, values, d, stride, g.values());
            PLAIN.sparseBackward(x, values, d, stride, plainG.values());
            assertThat(g.values()).isEqualTo(plainG.values());
        }
    }

    /** What a block is, sparse or dense, is of no account: zeros that are left out would change nothing. */
    @ParameterizedTest
    @CsvSource({"1, 4", "255, 41", "256, 784"})
    void sparseProductsGiveTheBitsOfDenseOnes(int rows, int inputs) {
        int stride = 32;
        Block x = sparse(rows, inputs, true);
        float[] values = x.values(new float[x.scratchLength()]);
        float[] dense = new float[rows * inputs];
        x.unpack(dense);
        int depth = x.strips() * Block.STRIP;
        Panels w = panels(depth, stride);
        float[] z = floats(rows * stride);
        float[] denseZ = z.clone();
        FAST.sparseForward(x, values, w.values(), z, stride);
        FAST.multiply(rows, stride, inputs, dense, inputs, 1, w, new Panels(denseZ, stride, Kernels.PANEL));
        assertThat(z).isEqualTo(denseZ);
        Panels g = new Panels(new float[depth * stride], w.row(), w.panel());
        Panels denseG = new Panels(new float[depth * stride], w.row(), w.panel());
        FAST.sparseBackward(x, values, z, stride, g.values());
        FAST.multiply(inputs, stride, rows, dense, 1, inputs, new Panels(z, stride, Kernels.PANEL), denseG);
        assertThat(g.values()).isEqualTo(denseG.values());
    }

    private Panels panels(int rows, int columns) {
        return new Panels(floats(rows * columns), Kernels.PANEL, rows * Kernels.PANEL);
    }

    /** Every fifth row has runs of a few inputs, and the others have one input: few enough cells for a sparse block. */
    private Block sparse(int rows, int inputs, boolean pixels) {
        SparseRows packed = new SparseRows(inputs);
        for (int row = 0; row < rows; row++) {
            float[] features = new float[inputs];
            for (int k = 0; k < inputs; k++) {
                if (row % 5 == 3 ? k / 6 % 2 == 0 : k == row && inputs > 4) {
                    features[k] = pixels ? random.nextInt(256) / 255f : random.nextFloat();
                }
            }
            packed.add(0, features);
        }
        Block block = new Block(packed);
        assertThat(block.isDense()).isFalse();
        return block;
    }

    @Test
    void unpackingDividesEveryLevelBy255() {
        int[] levels = new int[16 * Kernels.PANEL];
        for (int k = 0; k < levels.length; k++) {
            levels[k] = k | (255 - k) << 8 | k << 16 | (255 - k) << 24;
        }
        for (Kernels kernels : List.of(FAST, PLAIN)) {
            float[] values = new float[4 * levels.length];
            kernels.unpack(levels, values);
            for (int k = 0; k < values.length; k++) {
                int level = k / 256 % 2 == 0 ? k % 256 : 255 - k % 256;
                assertThat(values[k]).isEqualTo(level / 255f);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 16, 1", "2, 32, 3", "3, 16, 2", "4, 48, 5", "5, 16, 256", "13, 80, 7", "255, 16, 10", "256, 32, 17"
    })
    void productsGiveTheBitsOfThePlainTwinHoweverTheirMatricesLie(int m, int n, int k) {
        float[] a = floats(m * k);
        float[] b = floats(k * n);
        float[] c = floats(m * (n + 16));
        for (boolean transposed : new boolean[] {false, true}) {
            int row = transposed ? 1 : k;
            int column = transposed ? m : 1;
            Panels sideBySide = new Panels(b, n, Kernels.PANEL);
            Panels oneAfterTheOther = new Panels(b, Kernels.PANEL, k * Kernels.PANEL);
            for (Panels matrix : List.of(sideBySide, oneAfterTheOther)) {
                float[] fast = c.clone();
                float[] plain = c.clone();
                FAST.multiply(m, n, k, a, row, column, matrix, new Panels(fast, n + 16, Kernels.PANEL));
                PLAIN.multiply(m, n, k, a, row, column, matrix, new Panels(plain, n + 16, Kernels.PANEL));
                assertThat(fast).isEqualTo(plain).isNotEqualTo(c);
                fast = c.clone();
                plain = c.clone();
                FAST.multiply(m, n, k, a, row, column, matrix, new Panels(fast, Kernels.PANEL, m * Kernels.PANEL));
                PLAIN.multiply(m, n, k, a, row, column, matrix, new Panels(plain, Kernels.PANEL, m * Kernels.PANEL));
                assertThat(fast).isEqualTo(plain).isNotEqualTo(c);
            }
        }
    }

    /** As many columns as four vectors, two or one take, of any width. */
    @ParameterizedTest
    @CsvSource({"1, 16", "2, 32", "3, 48", "255, 16", "256, 64", "257, 80", "784, 112"})
    void aRowGivesTheBitsOfThePlainTwinAndOfTheProductOfAMatrix(int inputs, int stride) {
        Panels w = panels(inputs, stride);
        float[] x = new float[inputs];
        int[] at = new int[inputs];
        int count = 0;
        for (int k = 0; k < inputs; k++) {
            if (random.nextBoolean() || k == 0) {
                x[k] = random.nextFloat() - 0.5f;
                at[count++] = k;
            }
        }
        float[] z = floats(stride);
        float[] plainZ = z.clone();
        float[] matrixZ = z.clone();
        FAST.multiplyRow(x, at, count, w, z, stride);
        PLAIN.multiplyRow(x, at, count, w, plainZ, stride);
        assertThat(z).isEqualTo(plainZ);
        FAST.multiply(1, stride, inputs, x, inputs, 1, w, new Panels(matrixZ, stride, Kernels.PANEL));
        assertThat(z).isEqualTo(matrixZ);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 255, 256, 257})
    void reluAndItsGradientGiveTheBitsOfThePlainTwin(int rows) {
        int stride = 2 * Kernels.PANEL;
        float[] z = floats(rows * stride);
        z[0] = 0f;
        z[1] = -0f;
        z[2] = Float.NaN;
        float[] plainZ = z.clone();
        float[] active = floats(stride);
        float[] plainActive = new float[stride];
        FAST.relu(z, rows, stride, active);
        PLAIN.relu(plainZ, rows, stride, plainActive);
        assertThat(z).isEqualTo(plainZ);
        assertThat(active).isEqualTo(plainActive);
        float[] d = floats(z.length);
        float[] plainD = d.clone();
        FAST.gate(d, z, d.length);
        PLAIN.gate(plainD, z, d.length);
        assertThat(d).isEqualTo(plainD).contains(0f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 33, 100})
    void aNumberThatIsNotFiniteIsFoundWhereverItIs(int length) {
        float[] values = floats(length);
        values[0] = -0f;
        values[length - 1] = -Float.MAX_VALUE;
        for (Kernels kernels : List.of(FAST, PLAIN)) {
            assertThat(kernels.areFinite(values)).isTrue();
            for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (int k = 0; k < length; k++) {
                    float[] damaged = values.clone();
                    damaged[k] = wrong;
                    assertThat(kernels.areFinite(damaged))
                            .as("%s at %d", wrong, k)
                            .isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "2, 16", "10, 32", "10, 256", "200, 48"})
    void softmaxGivesTheBitsOfThePlainTwin(int classes, int stride) {
        float[] z = floats(classes * stride);
        for (int column = 0; column < stride; column += 3) { // some far apart, some not finite
            z[column] *= 1_000;
        }
        System.arraycopy(z, 0, z, (classes - 1) * stride, 1); // the first of equals
        z[1] = Float.NaN;
        z[2] = Float.POSITIVE_INFINITY;
        float[] plainZ = z.clone();
        float[] best = new float[stride];
        float[] max = new float[stride];
        float[] sum = new float[stride];
        float[] plainBest = new float[stride];
        float[] plainMax = new float[stride];
        float[] plainSum = new float[stride];
        FAST.softmax(z, classes, stride, best, max, sum);
        PLAIN.softmax(plainZ, classes, stride, plainBest, plainMax, plainSum);
        assertThat(z).isEqualTo(plainZ);
        assertThat(best).isEqualTo(plainBest);
        assertThat(max).isEqualTo(plainMax);
        assertThat(sum).isEqualTo(plainSum);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "7, 1", "5, 3", "7, 10", "784, 10", "5, 16", "6, 17", "3, 40", "2, 48"})
    void takingThePaddingAwayLeavesEachNumberOfTheMatrixAndWhatIsAroundIt(int rows, int columns) {
        int depth = rows + 2;
        int stride = Layer.padded(columns);
        Panels padded = panels(depth, stride);
        for (Kernels kernels : List.of(FAST, PLAIN)) {
            float[] to = floats(5 + rows * columns + 3);
            float[] expected = to.clone();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    expected[5 + row * columns + column] = padded.values()[padded.column(column) + row * padded.row()];
                }
            }
            kernels.unpad(padded.values(), depth, rows, columns, to, 5);
            assertThat(to).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 15, 16, 17, 500})
    void fixedPointSumsAreThoseOfThePlainTwinForNumbersOfAnySize(int length) {
        for (int fractionBits : new int[] {-2, 13, 30, 38, 46}) {
            float limit = Math.scalb(1f, Math.min(24, 62 - fractionBits));
            long[] sums = random.longs(length, -1L << 60, 1L << 60).toArray();
            long[] plainSums = sums.clone();
            for (int exponent = Float.MIN_EXPONENT - 24; exponent < Math.getExponent(limit); exponent++) {
                float[] numbers = new float[length];
                for (int k = 0; k < length; k++) {
                    numbers[k] = Math.scalb(
                            (random.nextFloat() + 1) * (1 - 2 * random.nextInt(2)), exponent - 1); // below 2^exponent
                }
                numbers[length / 2] = exponent % 2 == 0 ? -0f : Math.nextDown(limit);
                assertThat(FAST.addFixedPoint(numbers, fractionBits, limit, sums))
                        .isEqualTo(-1);
                assertThat(PLAIN.addFixedPoint(numbers, fractionBits, limit, plainSums))
                        .isEqualTo(-1);
                assertThat(sums).isEqualTo(plainSums);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 13, 30, 46})
    void fixedPointNumbersAreRoundedToTheNearestAndHalvesAwayFromZero(int fractionBits) {
        float[] numbers = new float[160];
        for (int k = 0; k < numbers.length; k++) {
            float inUnits = k < 80 ? k / 8f : Math.scalb(random.nextFloat() + 1, random.nextInt(30) - 5);
            numbers[k] = Math.scalb(k % 2 == 0 ? inUnits : -inUnits, -fractionBits);
        }
        long[] expected = new long[numbers.length];
        for (int k = 0; k < numbers.length; k++) {
            expected[k] = new BigDecimal(Math.scalb((double) numbers[k], fractionBits))
                    .setScale(0, RoundingMode.HALF_UP) // that is away from zero
                    .longValueExact();
        }
        for (Kernels kernels : List.of(FAST, PLAIN)) {
            long[] sums = new long[numbers.length];
            assertThat(kernels.addFixedPoint(numbers, fractionBits, Math.scalb(1f, 30 - fractionBits), sums))
                    .isEqualTo(-1);
            assertThat(sums).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {3f, -3f, 1e30f, Float.NEGATIVE_INFINITY, Float.NaN})
    void theFirstNumberThatIsOutOfRangeIsFoundWhereverItIs(float number) {
        for (Kernels kernels : List.of(FAST, PLAIN)) {
            for (int length : new int[] {1, 16, 37}) {
                for (int where = 0; where < length; where++) {
                    float[] numbers = new float[length];
                    numbers[length - 1] = number;
                    numbers[where] = number;
                    assertThat(kernels.addFixedPoint(numbers, 38, 3f, new long[length]))
                            .isEqualTo(where);
                }
            }
        }
    }

    @Test
    void expIsRightToSevenDigitsWhereverItCountsBesideOne() {
        for (float x = -87; x <= 0; x += 0.000_7f) {
            assertThat(PlainKernels.exp(x) / StrictMath.exp(x)).isCloseTo(1, within(3e-7));
        }
        assertThat(PlainKernels.exp(0)).isEqualTo(1);
        assertThat(PlainKernels.exp(-1e9f)).isBetween(0f, 2e-38f);
        assertThat(PlainKernels.exp(Float.NEGATIVE_INFINITY)).isBetween(0f, 2e-38f);
        assertThat(PlainKernels.exp(Float.NaN)).isNaN();
    }

    private float[] floats(int length) {
        float[] drawn = new float[length];
        for (int k = 0; k < length; k++) {
            drawn[k] = (float) random.nextGaussian();
        }
        return drawn;
    }
}

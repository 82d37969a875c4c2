package dev.kindling.network;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Trains networks without Spark, sparse and dense, with every optimiser, and prints what works and the SHA-256 of all that
 * comes out. {@link BitsTest} runs it in JVMs of different kinds.
 */
final class Bits {
    private static final Architecture ARCHITECTURE = Architecture.parse("50,24,17,5");
    private static final int ROWS = 100;
    private static final int BLOCKS = 5;
    private static final int STEPS = 12;

    private Bits() {}

    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (double density : new double[] {0.2, 0.9}) {
            int length = ARCHITECTURE.parameters();
            for (Optimizer optimizer :
                    List.of(new GradientDescent(), new Momentum(length, 0.9), new Adam(length, 0.9, 0.99))) {
                float[] parameters = train(optimizer, density);
                sha.update(bytes(parameters));
                sha.update(bytes(predict(parameters, density)));
                // By hand, as an ExactSum adds in vectors only where there are many numbers.
                long[] sums = new long[parameters.length];
                Kernels.INSTANCE.addFixedPoint(parameters, 30, 1e6f, sums);
                ByteBuffer fixed = ByteBuffer.allocate(sums.length * Long.BYTES);
                fixed.asLongBuffer().put(sums);
                sha.update(fixed);
            }
        }
        System.out.println(Kernels.INSTANCE.description() + ", JDK "
                + Runtime.version().feature() + ": " + HexFormat.of().formatHex(sha.digest()));
    }

    private static ByteBuffer bytes(float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
        bytes.asFloatBuffer().put(numbers);
        return bytes;
    }

    /** The logits of a row on its own. */
    private static float[] predict(float[] parameters, double density) {
        Random random = new Random(2);
        double[] row = new double[ARCHITECTURE.inputs()];
        Arrays.setAll(row, k -> random.nextDouble() < density ? random.nextDouble() : 0);
        double[] deviation = row.clone();
        Arrays.fill(deviation, 1);
        return new RowPredictor(ARCHITECTURE, parameters, new Standardisation(new double[row.length], deviation))
                .logits(StoredFeatures.all(row));
    }

    private static float[] train(Optimizer optimizer, double density) {
        Random random = new Random(1);
        Block[] blocks = new Block[BLOCKS];
        for (int b = 0; b < BLOCKS; b++) {
            SparseRows builder = new SparseRows(ARCHITECTURE.inputs());
            for (int row = 0; row < ROWS; row++) {
                float[] features = new float[ARCHITECTURE.inputs()];
                for (int k = 0; k < features.length; k++) {
                    features[k] = random.nextDouble() < density ? random.nextFloat() : 0f;
                }
                builder.add(random.nextInt(ARCHITECTURE.classes()), features);
            }
            blocks[b] = new Block(builder);
        }
        float[] parameters = Initialisation.HE.draw(ARCHITECTURE, 1);
        for (int step = 1; step <= STEPS; step++) {
            ExactSum sum = new ExactSum(parameters.length, (long) ROWS * BLOCKS);
            float[] gradient = new float[parameters.length];
            Network network = new Network(ARCHITECTURE, parameters, ROWS);
            for (Block block : blocks) {
                network.gradient(block, gradient);
                sum.add(gradient, ROWS);
            }
            double rate = 0.1 * Schedule.COSINE.factor(step, 2, STEPS);
            optimizer.step(parameters, sum.mean(ROWS * BLOCKS), 0, rate);
        }
        return parameters;
    }
}

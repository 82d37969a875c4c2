package dev.kindling.training;

import dev.kindling.network.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the executors are asked for: the sums over the blocks of a batch.
 *
 * @param pass what for
 * @param blocks their numbers, rising
 * @param parameters for each of the runs that are trained side by side the flat array
 * @param step the number of the step; of an evaluation 0
 * @param steps how many steps the run has; of an evaluation 0
 * @param words for Spark's pages: of a step what the one before showed, of an evaluation what it is
 */
record Order(Pass pass, int[] blocks, float[][] parameters, int step, int steps, String words) {
    /** 1 for a step, runs, blocks. */
    private static final int COUNTS = 3;

    /** A step of training. */
    static Order step(int[] blocks, float[][] parameters, int step, int steps, String shown) {
        return new Order(Pass.STEP, blocks, parameters, step, steps, shown);
    }

    /** An evaluation of parameters. */
    static Order evaluation(int[] blocks, float[][] parameters, String what) {
        return new Order(Pass.EVALUATION, blocks, parameters, 0, 0, what);
    }

    /** The sums of this order, without any rows. */
    ShardSums zero(Architecture architecture) {
        return new ShardSums(architecture, parameters.length, pass, blocks.length);
    }

    /**
     * A description for Spark's pages.
     *
     * @param last the last step of the same Spark job
     */
    String description(int last) {
        if (pass == Pass.EVALUATION) {
            return words;
        }
        return (last > step ? "steps " + step + " to " + last : "step " + step) + " of " + steps + words;
    }

    /** How many bytes {@link #toBytes} gives. */
    long bytes() {
        long floats = 0;
        for (float[] flat : parameters) {
            floats += flat.length;
        }
        return (COUNTS + (long) blocks.length) * Integer.BYTES + floats * Float.BYTES;
    }

    /** What a task needs of it, for {@link #read}. */
    byte[] toBytes() {
        byte[] all = new byte[Math.toIntExact(bytes())];
        ByteBuffer bytes = littleEndian(all);
        bytes.putInt(pass == Pass.STEP ? 1 : 0).putInt(parameters.length).putInt(blocks.length);
        bytes.asIntBuffer().put(blocks);
        bytes.position(bytes.position() + blocks.length * Integer.BYTES);
        for (float[] flat : parameters) {
            bytes.asFloatBuffer().put(flat);
            bytes.position(bytes.position() + flat.length * Float.BYTES);
        }
        return all;
    }

    /** Reads what {@link #toBytes} gives: an order without words and number. */
    static Order read(byte[] from, Architecture architecture) {
        ByteBuffer bytes = littleEndian(from);
        Pass pass = bytes.getInt() == 1 ? Pass.STEP : Pass.EVALUATION;
        float[][] parameters = new float[bytes.getInt()][architecture.parameters()];
        int[] blocks = new int[bytes.getInt()];
        bytes.asIntBuffer().get(blocks);
        bytes.position(bytes.position() + blocks.length * Integer.BYTES);
        for (float[] flat : parameters) {
            bytes.asFloatBuffer().get(flat);
            bytes.position(bytes.position() + flat.length * Float.BYTES);
        }
        return new Order(pass, blocks, parameters, 0, 0, "");
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

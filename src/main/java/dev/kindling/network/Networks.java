package dev.kindling.network;

import java.util.Arrays;
import java.util.List;

/**
 * Several networks of one architecture at work on the same blocks, each to the bits that {@link Network} alone gives.
 *
 * <p>For sparse blocks their small first layers stand side by side in one wide layer: 10 units of 4 networks fill 40 of 48
 * lanes instead of 10 of 16, and an entry of the block is looked up once for four vectors of units. All else each network
 * does by itself. Not thread-safe: one for each thread.
 */
public final class Networks {
    /** With as many units or more, the kernels have their four vectors from one network. */
    private static final int MANY_UNITS = 4 * Kernels.PANEL;

    private final Architecture architecture;
    private final Network[] networks;
    /** The first layers side by side, network by network; null where that gains nothing. */
    private final Layer wide;
    /** Laid out as the parameters of the wide layer. */
    private final float[] wideGradient;

    /**
     * @param parameters for each network the flat array; at least one, and must not change while this is in use
     * @param rows the rows of the largest block that will come
     */
    public Networks(Architecture architecture, float[][] parameters, int rows) {
        this.architecture = architecture;
        this.networks = Arrays.stream(parameters)
                .map(flat -> new Network(architecture, flat, rows))
                .toArray(Network[]::new);
        if (parameters.length == 1 || architecture.units(0) >= MANY_UNITS) {
            this.wide = null;
            this.wideGradient = null;
            return;
        }
        Architecture shape = new Architecture(List.of(architecture.inputs(), architecture.units(0) * networks.length));
        float[] side = new float[shape.parameters()];
        for (int k = 0; k < networks.length; k++) {
            copyRows(
                    parameters[k],
                    architecture.units(0),
                    0,
                    side,
                    shape.units(0),
                    k * architecture.units(0),
                    rowsOfFirst());
        }
        this.wide = new Layer(shape, 0, side, rows);
        this.wideGradient = new float[shape.parameters()];
    }

    /** Those of W of the first layer, and b as one more: they lie one after the other in the flat array. */
    private int rowsOfFirst() {
        return architecture.inputs() + 1;
    }

    /** A network, for what {@link #gradient} leaves in it: loss, correct rows, active units. */
    public Network get(int k) {
        return networks[k];
    }

    /**
     * For each network the gradient of the block's summed loss: sums over its rows, not means.
     *
     * @param gradients for each network laid out as its parameters; overwritten
     */
    public void gradient(Block block, float[][] gradients) {
        if (wide == null || block.isDense()) {
            for (int k = 0; k < networks.length; k++) {
                networks[k].gradient(block, gradients[k]);
            }
            return;
        }
        int units = architecture.units(0);
        wide.forward(block);
        for (int k = 0; k < networks.length; k++) {
            Layer first = networks[k].first();
            copyRows(wide.activations, wide.stride, k * units, first.activations, first.stride, 0, block.rows());
            networks[k].gradientAboveFirst(block, gradients[k]);
            copyRows(first.deltas, first.stride, 0, wide.deltas, wide.stride, k * units, block.rows());
        }
        wide.gradient(block, wideGradient);
        for (int k = 0; k < networks.length; k++) {
            copyRows(wideGradient, wide.units, k * units, gradients[k], units, 0, rowsOfFirst());
        }
    }

    /** Copies as many columns as a first layer has units from one row-major matrix into another. */
    private void copyRows(
            float[] from, int fromStride, int fromColumn, float[] to, int toStride, int toColumn, int rows) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(from, row * fromStride + fromColumn, to, row * toStride + toColumn, architecture.units(0));
        }
    }
}

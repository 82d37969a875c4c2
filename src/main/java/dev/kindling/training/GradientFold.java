package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;

/**
 * Folds the blocks of an order into the sums of a task, for each of the runs that are trained side by side, and then those of
 * the next order, with the same scratch space. It measures how long each partition takes, whose blocks come one partition after
 * the other.
 */
final class GradientFold {
    private final Architecture architecture;
    private final float[] blockGradient;
    private final List<Network> networks = new ArrayList<>();
    private Pass pass;
    private ShardSums sums;
    private List<PartitionCost> costs;
    private int partition;
    private long rows;
    private long since;

    GradientFold(Architecture architecture) {
        this.architecture = architecture;
        this.blockGradient = new float[architecture.parameters()];
    }

    /**
     * Begins with an order.
     *
     * @param parameters for each run the flat array
     * @param blocks how many the whole batch has
     */
    void begin(Pass what, float[][] parameters, int blocks) {
        pass = what;
        sums = new ShardSums(architecture, parameters.length, what, blocks);
        costs = new ArrayList<>();
        partition = -1;
        since = System.nanoTime();
        for (int run = 0; run < parameters.length; run++) {
            if (run < networks.size()) {
                networks.get(run).use(parameters[run]);
            } else {
                networks.add(new Network(architecture, parameters[run], PackedRows.BLOCK_ROWS));
            }
        }
        networks.subList(parameters.length, networks.size()).clear(); // of runs that have been dropped
    }

    /**
     * Refuses to compute with another BLAS than the driver's, which would give other bits.
     *
     * @param expected that of the driver
     */
    static void requireBlas(String expected) {
        if (!expected.equals(Blas.name())) {
            throw new KindlingException("found " + Blas.description() + " on "
                    + SparkEnv.get().blockManager().blockManagerId().host() + ", expected " + expected
                    + " as on the driver, or the result would depend on which machine computes what: install the"
                    + " same on all machines, or use none anywhere, with"
                    + " -Ddev.ludovic.netlib.blas.nativeLibPath=none in the Java options of driver and executors");
        }
    }

    /** Adds a block that lies in a partition. */
    void add(int partitionOfBlock, Block block) {
        if (partitionOfBlock != partition) {
            endPartition();
            partition = partitionOfBlock;
        }
        for (int run = 0; run < networks.size(); run++) {
            Network network = networks.get(run);
            if (pass == Pass.STEP) {
                network.gradient(block, blockGradient);
            } else {
                network.evaluate(block);
            }
            sums.run(run).add(network, block, blockGradient);
        }
        rows += block.rows();
    }

    /** The sums of all blocks; called once for an order, after the last block. */
    ShardSums sums() {
        endPartition();
        sums.addTask(costs);
        return sums;
    }

    private void endPartition() {
        long now = System.nanoTime();
        if (rows > 0) {
            costs.add(new PartitionCost(partition, rows, (now - since) / 1e9));
            since = now;
            rows = 0;
        }
    }
}

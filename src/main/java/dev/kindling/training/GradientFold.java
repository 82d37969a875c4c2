package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkEnv;

/**
 * Folds the blocks of one order into the sums of a task, for each of the runs that are trained side by side. It measures
 * how long each partition takes, whose blocks come one partition after the other.
 */
final class GradientFold {
    private final Pass pass;
    private final Network[] networks;
    private final float[] blockGradient;
    private final ShardSums sums;
    private final List<PartitionCost> costs = new ArrayList<>();
    private int partition = -1;
    private long rows;
    private long since = System.nanoTime();

    /**
     * @param parameters for each run the flat array
     * @param blocks how many the whole batch has
     */
    GradientFold(Architecture architecture, Pass pass, float[][] parameters, int blocks) {
        this.pass = pass;
        this.networks = Arrays.stream(parameters)
                .map(flat -> new Network(architecture, flat, PackedRows.BLOCK_ROWS))
                .toArray(Network[]::new);
        this.blockGradient = new float[architecture.parameters()];
        this.sums = new ShardSums(architecture, parameters.length, pass, blocks);
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
        for (int run = 0; run < networks.length; run++) {
            if (pass == Pass.STEP) {
                networks[run].gradient(block, blockGradient);
            } else {
                networks[run].evaluate(block);
            }
            sums.run(run).add(networks[run], block, blockGradient);
        }
        rows += block.rows();
    }

    /** The sums of all blocks; called once, after the last block. */
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

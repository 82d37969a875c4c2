package dev.kindling.data;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import java.util.BitSet;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/**
 * A training set packed into blocks of {@value #BLOCK_ROWS} rows and cached on the executors, each with its number.
 *
 * <p>Which rows share a block, and in which order, depends on their ids and the seed alone: a seeded permutation sends
 * row id to a position, and block b holds positions b * {@value #BLOCK_ROWS} and on. Partitions hold neighbouring
 * blocks, so how many there are changes where a block is, and nothing else.
 */
public final class PackedRows implements AutoCloseable {
    /** The rows of every block but the last, which holds what is left. */
    public static final int BLOCK_ROWS = 256;

    /**
     * The most features of a partition. Packed, they take 230 MB if they are MNIST's, and 2 GB if they are floats that
     * are not zero.
     */
    private static final int PARTITION_FEATURES = 1 << 29;

    private final JavaPairRDD<Integer, Block> blocks;
    private final Stretches stretches;
    private final String source;
    private final int features;
    private final Survey survey;
    private final BitSet validation;
    private final BlockHashes hashes;

    private PackedRows(
            JavaPairRDD<Integer, Block> blocks,
            Stretches stretches,
            String source,
            int features,
            Survey survey,
            BitSet validation,
            BlockHashes hashes) {
        this.blocks = blocks;
        this.stretches = stretches;
        this.source = source;
        this.features = features;
        this.survey = survey;
        this.validation = validation;
        this.hashes = hashes;
    }

    /** Packs and caches all rows and holds none of them out. */
    public static PackedRows pack(LabelledRows source, Architecture architecture, int partitions, long seed) {
        return pack(source, architecture, partitions, seed, 0);
    }

    /**
     * Packs and caches all rows, in one Spark job.
     *
     * @param architecture what the rows must fit
     * @param partitions 1 to the number of rows; those past the number of blocks stay empty
     * @param seed the seed of the permutation
     * @param validationFraction the share of the blocks that are held out for validation, 0 to below 1
     * @throws KindlingException if rows and architecture do not fit, a row is damaged, or the rows are too few for both
     *     training and validation
     */
    public static PackedRows pack(
            LabelledRows source, Architecture architecture, int partitions, long seed, double validationFraction) {
        checkFit(source, architecture);
        if (partitions > source.count()) {
            throw new KindlingException(setting("partitions") + ": found " + partitions + ", expected at most the "
                    + source.count() + " rows of " + source.source());
        }
        long rows = source.count();
        String name = source.source();
        int features = source.features();
        BitSet validation = validationBlocks(source, validationFraction);
        RowDecoder decoder = new RowDecoder(name, rows, architecture);
        RowPermutation permutation = new RowPermutation(rows, seed);
        Stretches stretches = new Stretches(blockCount(rows), partitions, Stretches.blocksPerStretch(features));
        BlockHashes hashes = new BlockHashes(name);
        JavaPairRDD<Integer, Block> blocks = source.internalRows()
                .mapPartitionsToPair(part -> new ChunkIterator(part, decoder, permutation, stretches, features))
                .repartitionAndSortWithinPartitions(stretches)
                .mapPartitionsToPair(sorted -> new BlockIterator(sorted, stretches, name, rows, features, hashes))
                .setName("rows of " + name + ", packed")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Survey survey = blocks.mapPartitions(
                            partition -> List.of(Survey.of(partition, permutation, rows, features, validation))
                                    .iterator())
                    .reduce(Survey::plus);
            source.requireAll(survey.rows());
            hashes.keep(JavaSparkContext.fromSparkContext(blocks.context()), survey.hashesOfAllBlocks());
            return new PackedRows(blocks, stretches, name, features, survey, validation, hashes);
        } catch (RuntimeException e) {
            CachedRdd.free(blocks);
            throw e;
        }
    }

    /**
     * The blocks held out, at even distances, so that every partition has its share of them. The permutation decides
     * which rows they hold, so any blocks will do.
     */
    private static BitSet validationBlocks(LabelledRows source, double fraction) {
        int blocks = blockCount(source.count());
        int heldOut = fraction == 0 ? 0 : Math.max(1, (int) Math.round(fraction * blocks));
        if (heldOut >= blocks) {
            throw new KindlingException(
                    setting("validation-fraction") + ": found " + fraction + ", expected less: the " + source.count()
                            + " rows of " + source.source() + " are " + blocks + " blocks of " + BLOCK_ROWS
                            + ", and at least one must stay for training");
        }
        BitSet validation = new BitSet();
        for (long k = 0; k < heldOut; k++) {
            validation.set((int) ((2 * k + 1) * blocks / (2L * heldOut)));
        }
        return validation;
    }

    /**
     * How many partitions suit a training set: one for each core, or a multiple of that where a partition would have
     * more than {@value #PARTITION_FEATURES} features. Each is sorted in memory as it is packed.
     *
     * @param cores at least 1
     * @return 1 to the number of rows
     */
    public static int partitions(LabelledRows source, int cores) {
        long features = source.count() * source.features();
        long rounds = 1 + (features - 1) / PARTITION_FEATURES / cores;
        return Math.toIntExact(Math.min(source.count(), rounds * cores));
    }

    /**
     * Refuses rows that a network cannot read.
     *
     * @throws KindlingException if the features of a row are not the network's inputs
     */
    public static void checkFit(LabelledRows source, Architecture architecture) {
        if (source.features() != architecture.inputs()) {
            throw new KindlingException(source.source() + ": found " + source.features() + " features a row, expected "
                    + architecture.inputs() + ", one for each input of the network " + architecture);
        }
    }

    /** Number and block, in partitions of neighbouring numbers, cached. */
    public JavaPairRDD<Integer, Block> blocks() {
        return blocks;
    }

    /** Which partition a block lies in: takes the number of the block. */
    public Partitioner partitioner() {
        return stretches;
    }

    /** The number of blocks, numbered from 0. */
    public int blockCount() {
        return blockCount(survey.rows());
    }

    /** The numbers of the blocks to train on. */
    public BitSet trainingBlocks() {
        BitSet training = (BitSet) validation.clone();
        training.flip(0, blockCount());
        return training;
    }

    /** The numbers of the blocks held out: none unless asked for. */
    public BitSet validationBlocks() {
        return (BitSet) validation.clone();
    }

    /** Where the rows were read, for messages. */
    public String source() {
        return source;
    }

    /** All rows, those held out too. */
    public long rows() {
        return survey.rows();
    }

    /** How many rows are held out. */
    public long validationRows() {
        int last = blockCount() - 1;
        long missing = validation.get(last) ? (last + 1L) * BLOCK_ROWS - rows() : 0;
        return (long) validation.cardinality() * BLOCK_ROWS - missing;
    }

    /** How many rows there are to train on. */
    public long trainingRows() {
        return rows() - validationRows();
    }

    /** The share of the features that are not zero, 0 to 1. */
    public double density() {
        return (double) survey.nonZeros() / survey.rows() / features;
    }

    /** How many of the blocks keep their zeros too, because they have only a few. */
    public int denseBlocks() {
        return survey.denseBlocks();
    }

    /** 16 hex digits that depend on every id, label and feature, but not on partitions or the seed. */
    public String fingerprint() {
        return survey.fingerprint();
    }

    /**
     * The mean of each feature over the rows to train on, with the same bits for any partitions.
     *
     * @return shape (features)
     * @throws KindlingException if a feature is too large to be summed exactly
     */
    public double[] featureMean() {
        return survey.featureMean(source, trainingRows());
    }

    /** Frees the executors' memory. */
    @Override
    public void close() {
        CachedRdd.free(blocks);
        if (!blocks.context().isStopped()) {
            hashes.free();
        }
    }

    private static int blockCount(long rows) {
        return Math.toIntExact((rows + BLOCK_ROWS - 1) / BLOCK_ROWS);
    }
}

package dev.kindling.data;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.SparseRows;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * A training set packed into blocks of {@value #BLOCK_ROWS} rows and cached on the executors, each with its number.
 *
 * <p>Which rows share a block, and in which order, depends on their ids and the seed alone: a seeded permutation sends
 * row id to a position, and a block holds neighbouring positions ({@link BlockLayout}). Partitions hold neighbouring
 * blocks, so how many there are changes where a block is, and nothing else.
 */
public final class PackedRows implements AutoCloseable {
    /** The rows of a block; the last one, and the last before those that are held out, may have fewer. */
    public static final int BLOCK_ROWS = 256;

    /**
     * The most features of a partition. Packed, they take 230 MB if they are MNIST's, and 2 GB if they are floats that
     * are not zero.
     */
    private static final int PARTITION_FEATURES = 1 << 29;

    /** The least partitions for each core of a cluster. */
    private static final int ON_A_CLUSTER = 4;

    private final JavaPairRDD<Integer, Block> blocks;
    private final Placement placement;
    private final String source;
    private final int features;
    private final Survey survey;
    private final BlockHashes hashes;

    private PackedRows(
            JavaPairRDD<Integer, Block> blocks,
            Placement placement,
            String source,
            int features,
            Survey survey,
            BlockHashes hashes) {
        this.blocks = blocks;
        this.placement = placement;
        this.source = source;
        this.features = features;
        this.survey = survey;
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
     * @param validationFraction the share of the rows that are held out for validation, 0 to below 1: whole blocks where there
     *     are {@value BlockLayout#MANY_BLOCKS} or more of them, so that the share is rounded to blocks
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
        RowDecoder decoder = new RowDecoder(name, rows, architecture);
        IdPlacement placement = new IdPlacement(rows, features, partitions, seed, validationFraction, name);
        return pack(
                source.internalRows()
                        .mapPartitionsToPair(part -> new ChunkIterator(
                                new IdRows(part, decoder, placement), placement, new SparseRows(features))),
                placement,
                name,
                features);
    }

    /**
     * Packs and caches rows that have no ids, in one Spark job: {@link HashPlacement} says which rows share a block.
     *
     * @param <T> what is read
     * @param read the rows that are there, as often as they are needed
     * @param opener makes the rows of a task ready to be packed; their keys are the hashes that were counted
     * @param counts of the hashes of all rows, but of those that say themselves that they are held out
     * @param validationCounts of the hashes of those
     * @param none no rows, of the shape of those to come
     * @param partitions at least 1; those past the number of stretches stay empty
     * @param name where the rows come from, for messages
     * @throws KindlingException if the rows are not those that were counted
     */
    public static <T> PackedRows pack(
            JavaRDD<T> read,
            Opener<T> opener,
            HashCounts counts,
            HashCounts validationCounts,
            HeldOut heldOut,
            SparseRows none,
            int partitions,
            String name) {
        HashPlacement placement =
                new HashPlacement(counts, validationCounts, heldOut, none.features(), partitions, name);
        JavaPairRDD<Integer, Chunk> chunks =
                read.mapPartitionsToPair(part -> new ChunkIterator(opener.open(part), placement, none));
        return counts.isSkewed() || validationCounts.isSkewed()
                ? spread(chunks, placement, none, partitions, name)
                : pack(chunks, placement, name, none.features());
    }

    /** Packs rows of which many are equal: gives them keys that are different, counts these, and goes on with them. */
    private static PackedRows spread(
            JavaPairRDD<Integer, Chunk> chunks, HashPlacement placement, SparseRows none, int partitions, String name) {
        JavaPairRDD<Boolean, Chunk> spread = Pieces.sort(chunks, placement, none.features())
                .mapPartitionsToPair(sorted -> SpreadRows.of(sorted, placement))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Tuple2<HashCounts, HashCounts> counts = spread.mapPartitions(
                            part -> List.of(count(new SpreadRows(part))).iterator())
                    .treeReduce((a, b) -> {
                        a._1.add(b._1);
                        a._2.add(b._2);
                        return a;
                    });
            HashPlacement other =
                    new HashPlacement(counts._1, counts._2, HeldOut.BY_ROW, none.features(), partitions, name);
            return pack(
                    spread.mapPartitionsToPair(part -> new ChunkIterator(new SpreadRows(part), other, none)),
                    other,
                    name,
                    none.features());
        } finally {
            CachedRdd.free(spread);
        }
    }

    private static Tuple2<HashCounts, HashCounts> count(SpreadRows rows) {
        Tuple2<HashCounts, HashCounts> counts = new Tuple2<>(new HashCounts(), new HashCounts());
        while (rows.next()) {
            (rows.isHeldOut() ? counts._2 : counts._1).add(rows.key());
        }
        return counts;
    }

    /**
     * Opens the rows of a task.
     *
     * @param <T> what is read
     */
    @FunctionalInterface
    public interface Opener<T> extends Serializable {
        /** The rows of a partition, ready to be packed. */
        PackableRows open(Iterator<T> partition);
    }

    private static PackedRows pack(JavaPairRDD<Integer, Chunk> chunks, Placement placement, String name, int features) {
        BlockHashes hashes = new BlockHashes(name);
        JavaPairRDD<Integer, Block> blocks = Pieces.sort(chunks, placement, features)
                .mapPartitionsToPair(sorted -> new BlockIterator(sorted, placement, hashes))
                .setName("rows of " + name + ", packed")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Survey survey = blocks.mapPartitions(partition ->
                            List.of(Survey.of(partition, placement, features)).iterator())
                    .reduce(Survey::plus);
            if (survey.rows() != placement.rows()) {
                throw LabelledRows.changed(name, survey.rows(), placement.rows());
            }
            hashes.keep(JavaSparkContext.fromSparkContext(blocks.context()), survey.hashesOfAllBlocks());
            return new PackedRows(blocks, placement, name, features, survey, hashes);
        } catch (RuntimeException e) {
            CachedRdd.free(blocks);
            throw e;
        }
    }

    /**
     * How many partitions suit a training set: one for each core, or {@value #ON_A_CLUSTER} where executors may come and go, so
     * that one that joins can take some of them; a multiple of that where a partition would have more than {@value
     * #PARTITION_FEATURES} features.
     *
     * @param cores at least 1
     * @param isLocal whether driver and tasks are one process
     * @return 1 to the number of rows
     */
    public static int partitions(LabelledRows source, int cores, boolean isLocal) {
        return partitions(source.count(), source.features(), cores, isLocal);
    }

    /** The same of so many rows of so many features. */
    public static int partitions(long rows, int features, int cores, boolean isLocal) {
        long cells = rows * features;
        int each = isLocal ? 1 : ON_A_CLUSTER;
        long rounds = each * (1 + (cells - 1) / PARTITION_FEATURES / cores / each);
        return Math.toIntExact(Math.min(rows, rounds * cores));
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
        return placement;
    }

    /** The number of blocks, numbered from 0. */
    public int blockCount() {
        return placement.blocks();
    }

    /** The numbers of the blocks to train on. */
    public BitSet trainingBlocks() {
        BitSet training = (BitSet) placement.validation().clone();
        training.flip(0, blockCount());
        return training;
    }

    /** The numbers of the blocks held out: none unless asked for. */
    public BitSet validationBlocks() {
        return (BitSet) placement.validation().clone();
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
        return placement.validationRows();
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

    /** How many bytes of them Spark holds in memory, on all executors. */
    public long bytesInMemory() {
        return CachedRdd.stored(blocks.rdd()).map(RDDInfo::memSize).orElse(0L);
    }

    /** How many bytes of them Spark holds on disk, because memory is short. */
    public long bytesOnDisk() {
        return CachedRdd.stored(blocks.rdd()).map(RDDInfo::diskSize).orElse(0L);
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
        return survey.featureMean(source);
    }

    /** Frees the executors' memory and disks. */
    @Override
    public void close() {
        CachedRdd.free(blocks);
        if (!blocks.context().isStopped()) {
            Pieces.free(blocks.rdd());
            hashes.free();
        }
    }
}

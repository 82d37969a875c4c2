package dev.kindling.data;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.ContextCleaner;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Cuts the partitions of a placement into pieces of neighbouring stretches. A task sorts the pieces of its partition one after the
 * other: Spark holds in memory what it sorts, and has freed a piece before it reads the next.
 */
final class Pieces extends Partitioner implements PartitionCoalescer, Serializable {
    private static final long serialVersionUID = 1L;

    /** The most features of a piece, unless its stretches have more: of floats that are not zero it takes 200 MB. */
    private static final int FEATURES = 1 << 25;

    private final Placement placement;
    private final int each;

    /** @param each how many pieces a partition is cut into, at least 1 */
    Pieces(Placement placement, int each) {
        this.placement = placement;
        this.each = each;
    }

    /** Brings the chunks to the partitions of a placement, sorted by their stretches, in pieces that fit into memory. */
    static JavaPairRDD<Integer, Chunk> sort(JavaPairRDD<Integer, Chunk> chunks, Placement placement, int features) {
        long cells = placement.rows() * features / placement.numPartitions();
        return new Pieces(placement, Math.toIntExact(1 + cells / FEATURES)).sort(chunks);
    }

    JavaPairRDD<Integer, Chunk> sort(JavaPairRDD<Integer, Chunk> chunks) {
        RDD<Tuple2<Integer, Chunk>> pieces =
                chunks.repartitionAndSortWithinPartitions(this).rdd();
        return new JavaPairRDD<>(
                pieces.coalesce(placement.numPartitions(), false, Option.apply(this), null),
                chunks.kClassTag(),
                chunks.vClassTag());
    }

    /**
     * Frees what such a sort left on the executors' disks. Where Spark allocates executors dynamically, it keeps each that has
     * some of it.
     *
     * @param rows what was made of it
     */
    static void free(RDD<?> rows) {
        Deque<RDD<?>> toSee = new ArrayDeque<>(List.of(rows));
        Set<Integer> seen = new HashSet<>();
        while (!toSee.isEmpty()) {
            for (Dependency<?> dependency :
                    CollectionConverters.asJava(toSee.pop().dependencies())) {
                // Behind a shuffle that is not ours are the caller's rows, and behind ours may be another, of rows that
                // were spread.
                boolean isOfOurs = !(dependency instanceof ShuffleDependency<?, ?, ?> shuffle) || free(shuffle);
                if (isOfOurs && seen.add(dependency.rdd().id())) {
                    toSee.push(dependency.rdd());
                }
            }
        }
    }

    /** Frees a shuffle, unless it is not one of pieces. */
    private static boolean free(ShuffleDependency<?, ?, ?> shuffle) {
        boolean isOurs = shuffle.partitioner() instanceof Pieces;
        Option<ContextCleaner> cleaner = shuffle.rdd().context().cleaner();
        if (isOurs && cleaner.isDefined()) {
            cleaner.get().doCleanupShuffle(shuffle.shuffleId(), false);
        }
        return isOurs;
    }

    @Override
    public int numPartitions() {
        return placement.numPartitions() * each;
    }

    /** As a placement cuts blocks into partitions, so that a partition's pieces are neighbours. */
    @Override
    public int getPartition(Object stretch) {
        return (int) ((long) (Integer) stretch * numPartitions() / placement.blocks());
    }

    /** Each partition of its pieces, in their order. */
    @Override
    public PartitionGroup[] coalesce(int partitions, RDD<?> pieces) {
        PartitionGroup[] groups = new PartitionGroup[partitions];
        for (Partition piece : pieces.partitions()) {
            int partition = piece.index() / each;
            if (groups[partition] == null) {
                groups[partition] = new PartitionGroup(Option.empty());
            }
            groups[partition].partitions().addOne(piece);
        }
        return groups;
    }
}

package dev.kindling.training;

import dev.kindling.data.CachedRdd;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * A Spark job for each order. The parameters go out with the task, which Spark broadcasts to each executor once; each task
 * sums the gradient of the blocks in its partitions ({@link TaskPerCore}), and the driver adds the sums up as they come.
 */
final class JobExchange implements Exchange {
    /**
     * Up to this many sums come to the driver one by one. The sums of more tasks are first added up on the executors,
     * in a tree. A tree is a second stage of tasks: with 256 tasks on two cores a step took 1.4 s with it and 0.6 s
     * without.
     */
    private static final int MOST_SUMS = 256;

    /**
     * Parameters of more bytes than this go out by a broadcast of their own. That costs more than to send them with the task, but to
     * serialise a task takes four times its memory.
     */
    private static final int MOST_IN_TASK = 1 << 22;

    private static final ClassTag<float[][]> FLATS = ClassTag.apply(float[][].class);

    /** The driver has a slice in memory two or three times. */
    private static final int MOST_SLICE = 1 << 26;

    private static final ClassTag<byte[]> SUMS = ClassTag.apply(byte[].class);

    private final PackedRows data;
    private final Architecture architecture;
    private final SparkContext context;
    private final long mostBytes;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;

    JobExchange(PackedRows data, Architecture architecture) {
        this(data, architecture, mostBytes(data.blocks().context().getConf()));
    }

    /** @param mostBytes of all results of a job */
    JobExchange(PackedRows data, Architecture architecture, long mostBytes) {
        this.mostBytes = mostBytes;
        this.data = data;
        this.architecture = architecture;
        this.context = data.blocks().context();
        this.rows = context.longAccumulator("rows");
        this.loss = context.doubleAccumulator("loss, summed over the rows");
    }

    /**
     * The most bytes that the results of a job may have. Spark ends a job with more than its own limit, and takes in several results
     * at once.
     */
    private static long mostBytes(SparkConf conf) {
        long most = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
        long room = Runtime.getRuntime().maxMemory() / 8;
        return most > 0 ? Math.min(most / 2, room) : room;
    }

    @Override
    public ShardSums sums(Order order) {
        JobProperties callers = JobProperties.of(context);
        new JobProperties(context, order.description(order.step()), order.pass() == Pass.STEP ? "true" : null).set();
        try {
            return runJob(order);
        } finally {
            callers.set();
        }
    }

    private ShardSums runJob(Order order) {
        rows.reset();
        loss.reset();
        Broadcast<float[][]> large = order.bytes() > MOST_IN_TASK ? context.broadcast(order.parameters(), FLATS) : null;
        try {
            return runJob(
                    new ShardGradient(architecture, order, large, data.partitioner(), rows, loss),
                    order.zero(architecture));
        } finally {
            if (large != null) {
                large.destroy();
            }
        }
    }

    private ShardSums runJob(ShardGradient gradient, ShardSums total) {
        RDD<byte[]> sums = TaskPerCore.of(data.blocks().rdd()).mapPartitions(gradient, true, SUMS);
        if (total.bytes() * sums.getNumPartitions() > mostBytes) {
            addOneByOne(JavaRDD.fromRDD(sums, SUMS), total);
        } else if (sums.getNumPartitions() > MOST_SUMS) {
            total.add(JavaRDD.fromRDD(sums, SUMS).treeReduce(gradient.adding()));
        } else {
            context.runJob(sums, new OnlyElement(), new Addition(total), SUMS);
        }
        return total;
    }

    /** Adds large sums: they stay on the executors' disks, and come one after the other, in slices, each in a job of its own. */
    private void addOneByOne(JavaRDD<byte[]> sums, ShardSums total) {
        int mostSlice = Arrival.wholeNumbers((int) Math.min(MOST_SLICE, mostBytes));
        sums.persist(StorageLevel.DISK_ONLY());
        try {
            List<Integer> lengths = sums.map(whole -> whole.length).collect();
            for (int task = 0; task < lengths.size(); task++) {
                Arrival arrival = new Arrival();
                int length = lengths.get(task);
                for (int start = 0; start < length; start += mostSlice) {
                    int from = start;
                    int end = Math.min(length, from + mostSlice);
                    byte[] slice = sums.map(whole -> Arrays.copyOfRange(whole, from, end))
                            .collectPartitions(new int[] {task})[0]
                            .get(0);
                    arrival.add(slice, from, length, total);
                }
            }
        } finally {
            CachedRdd.free(sums);
        }
    }

    @Override
    public void close() {
        // A job holds nothing once it has ended.
    }

    /** Takes the one element that a task gives, its sums: as {@code collect} does, but without a lambda. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] apply(TaskContext task, Iterator<byte[]> sums) {
            return sums.next();
        }
    }

    /** Adds the sums of each task to the total, on the driver, as they come in. */
    private static final class Addition extends AbstractFunction2<Object, byte[], BoxedUnit> {
        private final ShardSums total;

        Addition(ShardSums total) {
            this.total = total;
        }

        @Override
        public BoxedUnit apply(Object partition, byte[] sums) {
            total.add(sums);
            return BoxedUnit.UNIT;
        }
    }
}

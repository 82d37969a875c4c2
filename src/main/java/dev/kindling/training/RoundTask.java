package dev.kindling.training;

import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.RpcUtils;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/**
 * What {@code mapPartitions} does in a round, with the share of one task: it takes the blocks of its partitions, which its
 * executor has in memory, and then folds those that each order names, order after order, until the round is over.
 *
 * @see ShardGradient what does the same for one order
 */
final class RoundTask extends AbstractFunction1<Iterator<int[][]>, Iterator<Object>> implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final ClassTag<Object> BLOCKS = ClassTag.apply(Object.class);
    private static final ClassTag<byte[][]> ANSWER = ClassTag.apply(byte[][].class);
    private static final long LOOK_MILLIS = 100;
    /** Nobody waits as long: when the driver is gone, the wait ends at once. */
    private static final int MOST_HOURS = 24;

    private final String exchange;
    private final int round;
    private final Architecture architecture;
    private final int rdd;
    private final Partitioner partitioner;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;
    private final int mostBytes;
    /** The BLAS of the driver. */
    private final String blas = Blas.name();

    /**
     * What the tasks of one round need.
     *
     * @param exchange the name of the endpoint on the driver
     * @param round its number
     * @param rdd the number of that of the blocks
     * @param partitioner says which partition a block lies in
     * @param rows shows on Spark's stage page how many rows were gone through, in all runs together
     * @param loss shows their summed loss there too, in nats
     * @param mostBytes of one message
     */
    RoundTask(
            String exchange,
            int round,
            Architecture architecture,
            int rdd,
            Partitioner partitioner,
            LongAccumulator rows,
            DoubleAccumulator loss,
            int mostBytes) {
        this.exchange = exchange;
        this.round = round;
        this.architecture = architecture;
        this.rdd = rdd;
        this.partitioner = partitioner;
        this.rows = rows;
        this.loss = loss;
        this.mostBytes = mostBytes;
    }

    @Override
    public Iterator<Object> apply(Iterator<int[][]> share) {
        GradientFold.requireBlas(blas);
        try {
            new Work(share.next()).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Spark ends the task
        }
        return Iterator$.MODULE$.empty();
    }

    /** One task at work. */
    private final class Work {
        private final int[] taken;
        private final int[] dropped;
        private final TaskContext task = TaskContext.get();
        private final BlockManager memory = SparkEnv.get().blockManager();
        private final RpcTimeout timeout =
                new RpcTimeout(new FiniteDuration(MOST_HOURS, TimeUnit.HOURS), "spark.rpc.askTimeout");
        private final RpcEndpointRef driver = RpcUtils.makeDriverRef(
                exchange, SparkEnv.get().conf(), SparkEnv.get().rpcEnv());
        /** By number, those that are in memory. */
        private final Map<Integer, Block> blocks = new HashMap<>();
        /** By partition, those that are not. */
        private final Map<Integer, BlockFile> files = new HashMap<>();

        private final GradientFold fold = new GradientFold(architecture);
        /** The task by whose number the driver knows this executor. */
        private int speaker;

        Work(int[][] share) {
            this.taken = share[0];
            this.dropped = share[1];
        }

        void run() throws InterruptedException {
            byte[] executor = SparkEnv.get().executorId().getBytes(StandardCharsets.UTF_8);
            RoundMessage together = ask(RoundMessage.piece(
                    RoundMessage.Kind.HERE, round, task.partitionId(), 0, executor, 0, executor.length));
            if (together.kind() == RoundMessage.Kind.END) {
                return;
            }
            speaker = together.task();
            boolean leaves = true;
            try (RoundMates mates = RoundMates.join(exchange, round, together.number())) {
                if (takeBlocks()) {
                    work(mates);
                    leaves = false;
                }
            } finally {
                if (leaves) { // or the driver would wait until Spark tells it, which may try this task again first
                    RoundMessage why = RoundMessage.of(RoundMessage.Kind.LEAVES, round, task.partitionId(), 0);
                    driver.ask(why.toBytes(), timeout, ANSWER);
                }
            }
        }

        /** Takes one order after the other, from the driver or from the task that has it from there. */
        private void work(RoundMates mates) throws InterruptedException {
            Order order = task.partitionId() == speaker
                    ? received(ask(RoundMessage.of(RoundMessage.Kind.READY, round, speaker, 0)), mates)
                    : mates.next(1, task);
            for (int number = 1; order != null; number++) {
                ShardSums all = mates.add(fold(order));
                order = all == null ? mates.next(number + 1, task) : received(send(all.toBytes(), number), mates);
            }
        }

        /** Takes the blocks of all partitions, or gives up if they cannot all be had here. */
        private boolean takeBlocks() throws InterruptedException {
            boolean isAtHome = true;
            BlockFile.deleteThoseOfLostPartitions(memory);
            for (int partition : taken) {
                RDDBlockId id = new RDDBlockId(rdd, partition);
                BlockFile file = BlockFile.of(memory, id);
                if (file != null) {
                    files.put(partition, file);
                    continue;
                }
                Option<BlockResult> cached = memory.getLocalValues(id);
                if (cached.isEmpty() && fetch(id)) {
                    cached = memory.getLocalValues(id);
                    isAtHome = false;
                }
                if (cached.isEmpty() || !takeAll(partition, id, cached.get().data())) {
                    return false;
                }
            }
            if (isAtHome) { // else Spark may have put this task where the one copy is that others count on
                for (int partition : dropped) {
                    memory.removeBlock(new RDDBlockId(rdd, partition), true);
                }
            }
            return true;
        }

        /** Takes a copy of a partition from another executor. One that hangs keeps Spark waiting for minutes, but not this task. */
        private boolean fetch(RDDBlockId id) throws InterruptedException {
            Option<BlockResult> there = await(CompletableFuture.supplyAsync(() -> memory.getRemoteValues(id, BLOCKS)));
            return there.isDefined()
                    && memory.putIterator(id, there.get().data(), StorageLevel.MEMORY_AND_DISK(), true, BLOCKS);
        }

        /** Takes the blocks of a partition: those that are in memory as they are, others by way of a file. */
        private boolean takeAll(int partition, RDDBlockId id, Iterator<?> values) {
            @SuppressWarnings("unchecked") // what PackedRows packs
            Iterator<Tuple2<Integer, Block>> numbered = (Iterator<Tuple2<Integer, Block>>) values;
            if (memory.memoryStore().contains(id)) {
                CollectionConverters.asJava(numbered).forEachRemaining(block -> blocks.put(block._1, block._2));
                return true;
            }
            try {
                files.put(partition, BlockFile.write(memory, id, CollectionConverters.asJava(numbered)));
                return true;
            } catch (IOException e) {
                return false; // for example because the disk is full
            }
        }

        /** A block, if it is one of this task's. */
        private Block block(int number) {
            if (files.isEmpty() || blocks.containsKey(number)) {
                return blocks.get(number);
            }
            BlockFile file = files.get(partitioner.getPartition(number));
            return file == null ? null : file.read(number);
        }

        /** The order that came, or the first piece of it, for all tasks here; null if the round is over. */
        private Order received(RoundMessage first, RoundMates mates) throws InterruptedException {
            Parcel parcel = new Parcel();
            RoundMessage piece = first;
            while (piece.kind() == RoundMessage.Kind.ORDER) {
                parcel.add(piece);
                if (piece.isLast()) {
                    Order order = Order.read(parcel.take(), architecture);
                    mates.give(order);
                    return order;
                }
                piece = ask(new RoundMessage(
                        RoundMessage.Kind.MORE,
                        round,
                        speaker,
                        piece.number(),
                        parcel.received(),
                        piece.total(),
                        new byte[0]));
            }
            return null;
        }

        private RoundMessage send(byte[] sums, int number) throws InterruptedException {
            int offset = 0;
            for (; sums.length - offset > mostBytes; offset += mostBytes) {
                RoundMessage answer = ask(
                        RoundMessage.piece(RoundMessage.Kind.PIECE, round, speaker, number, sums, offset, mostBytes));
                if (answer.kind() == RoundMessage.Kind.END) {
                    return answer;
                }
            }
            return ask(RoundMessage.piece(RoundMessage.Kind.SUMS, round, speaker, number, sums, offset, mostBytes));
        }

        private ShardSums fold(Order order) {
            fold.begin(order.pass(), order.parameters(), order.blocks().length);
            for (int number : order.blocks()) {
                Block block = block(number);
                if (block != null) {
                    task.killTaskIfInterrupted();
                    fold.add(partitioner.getPartition(number), block);
                }
            }
            ShardSums sums = fold.sums();
            rows.add(sums.rows());
            loss.add(sums.totalLoss());
            return sums;
        }

        /** Sends a message and waits for the answer. */
        private RoundMessage ask(RoundMessage message) throws InterruptedException {
            return RoundMessage.read(await(FutureConverters.asJava(driver.ask(message.toBytes(), timeout, ANSWER))
                    .toCompletableFuture()));
        }

        /** Waits for something, or until the task is told to end. */
        private <T> T await(CompletableFuture<T> future) throws InterruptedException {
            while (true) {
                try {
                    return future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    task.killTaskIfInterrupted();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(
                            "the driver or another executor does not answer: "
                                    + e.getCause().getMessage(),
                            e.getCause());
                }
            }
        }
    }
}

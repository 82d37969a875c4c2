package dev.kindling.training;

import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
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
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.RpcUtils;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/**
 * What {@code mapPartitions} does in a round, with the share of one task: it takes the blocks of its partitions, which its
 * executor has in memory, and then folds those that each order names, order after order, until the round is over.
 *
 * @see ShardGradient what does the same for one order
 */
final class RoundTask extends AbstractFunction1<Iterator<int[]>, Iterator<Object>> implements Serializable {
    private static final long serialVersionUID = 1L;
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
    public Iterator<Object> apply(Iterator<int[]> share) {
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
        private final int[] partitions;
        private final TaskContext task = TaskContext.get();
        private final RpcTimeout timeout =
                new RpcTimeout(new FiniteDuration(MOST_HOURS, TimeUnit.HOURS), "spark.rpc.askTimeout");
        private final RpcEndpointRef driver = RpcUtils.makeDriverRef(
                exchange, SparkEnv.get().conf(), SparkEnv.get().rpcEnv());
        private final Map<Integer, Block> blocks = new HashMap<>();

        Work(int[] partitions) {
            this.partitions = partitions;
        }

        void run() throws InterruptedException {
            byte[] executor = SparkEnv.get().executorId().getBytes(StandardCharsets.UTF_8);
            RoundMessage together = ask(RoundMessage.piece(
                    RoundMessage.Kind.HERE, round, task.partitionId(), 0, executor, 0, executor.length));
            if (together.kind() == RoundMessage.Kind.END) {
                return;
            }
            boolean leaves = true;
            try (RoundMates mates = RoundMates.join(exchange, round, together.number())) {
                if (takeBlocks()) {
                    if (together.task() == task.partitionId()) {
                        lead(mates);
                    } else {
                        follow(mates);
                    }
                    leaves = false;
                }
            } finally {
                if (leaves) { // or the driver would wait until Spark tells it, which may try this task again first
                    RoundMessage why = RoundMessage.of(RoundMessage.Kind.LEAVES, round, task.partitionId(), 0);
                    driver.ask(why.toBytes(), timeout, ANSWER);
                }
            }
        }

        /** Takes the blocks of all partitions, or gives up if one of them is not in memory here. */
        private boolean takeBlocks() {
            for (int partition : partitions) {
                if (!takeBlocks(new RDDBlockId(rdd, partition))) {
                    return false;
                }
            }
            return true;
        }

        private boolean takeBlocks(RDDBlockId id) {
            BlockManager memory = SparkEnv.get().blockManager();
            Option<BlockResult> cached = memory.getLocalValues(id);
            if (cached.isEmpty()) {
                return false;
            }
            if (!memory.memoryStore().contains(id)) {
                return false;
            }
            Iterator<Object> values = cached.get().data();
            while (values.hasNext()) {
                @SuppressWarnings("unchecked") // what PackedRows packs
                Tuple2<Integer, Block> numbered = (Tuple2<Integer, Block>) values.next();
                blocks.put(numbered._1, numbered._2);
            }
            return true;
        }

        /** Speaks with the driver, for all tasks of this executor. */
        private void lead(RoundMates mates) throws InterruptedException {
            RoundMessage answer = ask(RoundMessage.of(RoundMessage.Kind.READY, round, task.partitionId(), 0));
            Parcel parcel = new Parcel();
            while (answer.kind() == RoundMessage.Kind.ORDER) {
                parcel.add(answer);
                int number = answer.number();
                if (!answer.isLast()) {
                    answer = ask(new RoundMessage(
                            RoundMessage.Kind.MORE,
                            round,
                            task.partitionId(),
                            number,
                            parcel.received(),
                            answer.total(),
                            new byte[0]));
                    continue;
                }
                Order order = Order.read(parcel.take(), architecture);
                mates.give(order);
                mates.add(fold(order));
                ShardSums sums = mates.all(task);
                if (sums == null) {
                    return;
                }
                answer = send(sums.toBytes(), number);
            }
        }

        private RoundMessage send(byte[] sums, int number) throws InterruptedException {
            int offset = 0;
            for (; sums.length - offset > mostBytes; offset += mostBytes) {
                RoundMessage answer = ask(RoundMessage.piece(
                        RoundMessage.Kind.PIECE, round, task.partitionId(), number, sums, offset, mostBytes));
                if (answer.kind() == RoundMessage.Kind.END) {
                    return answer;
                }
            }
            return ask(RoundMessage.piece(
                    RoundMessage.Kind.SUMS, round, task.partitionId(), number, sums, offset, mostBytes));
        }

        /** Takes the orders that another task is given. */
        private void follow(RoundMates mates) throws InterruptedException {
            int number = 1;
            for (Order order = mates.next(number, task); order != null; order = mates.next(number, task)) {
                mates.add(fold(order));
                number++;
            }
        }

        private ShardSums fold(Order order) {
            GradientFold fold = new GradientFold(architecture, order.pass(), order.parameters(), order.blocks().length);
            for (int number : order.blocks()) {
                Block block = blocks.get(number);
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
            CompletableFuture<byte[][]> answer = FutureConverters.asJava(driver.ask(message.toBytes(), timeout, ANSWER))
                    .toCompletableFuture();
            while (true) {
                try {
                    return RoundMessage.read(answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
                } catch (TimeoutException e) {
                    task.killTaskIfInterrupted();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("the driver does not answer", e.getCause());
                }
            }
        }
    }
}

package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.RpcUtils;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rounds: a Spark job of many orders. One task for each core takes its blocks, asks the driver for an order, sums up, sends
 * the sums with its question for the next order, and so on ({@link RoundTask}, {@link Round}).
 *
 * <p>A round lasts about a second, or until nothing is asked of it for a moment, so that other jobs of the application get
 * their turn. The driver has the whole state of training. So where a round cannot be, or breaks, for whatever reason, the
 * order goes to a job ({@link JobExchange}), which packs anew what was lost with an executor and tries again tasks that fail,
 * and a later order begins another round.
 */
final class RoundExchange implements Exchange {
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How many steps a round has before it is known how long they take. */
    private static final int FIRST_STEPS = 50;

    private static final int MOST_STEPS = 1_000_000;
    /** A round whose tasks have not all started by then gives back those cores that it has. */
    private static final long TOGETHER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long IDLE_MILLIS = 100;
    /** How often to look whether the executors of the round are still there. */
    private static final long LOOK_MILLIS = 500;

    /** After a round that broke the orders go to jobs for so long, and for twice as long each time. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** What a message has beside its body. */
    private static final int ENVELOPE_BYTES = 10_000;
    /** Longer orders and sums go in pieces. Spark has a message in memory several times as it sends and receives it. */
    private static final int MOST_BYTES = 4 << 20;

    private static final AtomicInteger EXCHANGES = new AtomicInteger();

    private final PackedRows data;
    private final Architecture architecture;
    private final SparkContext context;
    private final JobExchange jobs;
    private final Shares shares;
    private final ExecutorDemand demand;
    private final String name = "kindling-rounds-" + EXCHANGES.incrementAndGet();
    private final RpcEnv rpcEnv = SparkEnv.get().rpcEnv();
    private final RoundEndpoint endpoint = new RoundEndpoint(rpcEnv);
    private final RpcEndpointRef address = rpcEnv.setupEndpoint(name, endpoint);
    private final int mostBytes;
    private final ScheduledExecutorService clock = Clock.start(name);
    private volatile Round round;
    private RoundJob job;
    private int rounds;
    private long begun;
    private int lastStep;
    /** How many steps the round has taken. */
    private int taken;

    private int stepsEachRound = FIRST_STEPS;
    private long pauseNanos;
    private long pausedUntil = System.nanoTime();

    RoundExchange(PackedRows data, Architecture architecture) {
        this(
                data,
                architecture,
                Math.min(MOST_BYTES, RpcUtils.maxMessageSizeBytes(SparkEnv.get().conf()) - ENVELOPE_BYTES));
    }

    /** @param mostBytes of one message, at least that of a number */
    RoundExchange(PackedRows data, Architecture architecture, int mostBytes) {
        this.mostBytes = Arrival.wholeNumbers(mostBytes);
        this.data = data;
        this.architecture = architecture;
        this.context = data.blocks().context();
        this.jobs = new JobExchange(data, architecture);
        this.shares = new Shares(data.blocks().rdd());
        this.demand = new ExecutorDemand(data.blocks().rdd());
        every(IDLE_MILLIS / 2, open -> open.endIfIdle(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS)));
        every(LOOK_MILLIS, open -> open.endWithout(executors()));
    }

    /** Does something with the open round, if there is one, again and again. */
    @SuppressWarnings("FutureReturnValueIgnored") // it goes on until the clock stops
    private void every(long millis, Consumer<Round> look) {
        clock.scheduleWithFixedDelay(
                () -> {
                    Round open = round;
                    if (open != null && !open.isOver()) {
                        try {
                            look.accept(open);
                        } catch (Exception e) { // SparkException too, which Scala does not declare
                            open.end(); // Spark is being stopped, or its driver does not answer itself
                        }
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private static Set<String> executors() {
        return CollectionConverters.asJava(
                        SparkEnv.get().blockManager().master().getMemoryStatus())
                .keySet()
                .stream()
                .map(BlockManagerId::executorId)
                .collect(Collectors.toSet());
    }

    @Override
    public ShardSums sums(Order order) {
        demand.begin(order);
        try {
            return inRoundOrJob(order);
        } finally {
            demand.end();
        }
    }

    private ShardSums inRoundOrJob(Order order) {
        ShardSums sums = null;
        ShardSums zero = order.zero(architecture);
        if (System.nanoTime() - pausedUntil >= 0 && Math.max(zero.bytes(), order.bytes()) < Integer.MAX_VALUE - 8) {
            try {
                sums = inRound(order, zero);
            } catch (InterruptedException e) {
                endRound();
                throw RoundJob.<RuntimeException>undeclared(e);
            }
        }
        return sums != null ? sums : jobs.sums(order);
    }

    /** The sums from a round; null if there is none, or if it breaks. */
    private ShardSums inRound(Order order, ShardSums zero) throws InterruptedException {
        boolean isNew = round == null || round.isOver() || isDue(order);
        if (isNew) {
            if (round != null && round.isOver()) {
                job.requireNotCancelled();
            } else {
                pauseNanos = 0; // the last one went well
            }
            endRound();
            if (!begin(order)) {
                return null;
            }
        }
        boolean together = !isNew || round.comesTogether(TOGETHER_NANOS);
        if (isNew) {
            begun = System.nanoTime(); // and not when it began to wait for cores
        }
        ShardSums sums = together ? round.sums(order, zero) : null;
        if (sums == null) {
            endRound();
            job.end();
            job.requireNotCancelled();
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(FIRST_PAUSE_NANOS, 2 * pauseNanos));
            pauseNanos = Math.max(pauseNanos, together ? 0 : TOGETHER_NANOS);
            pausedUntil = System.nanoTime() + pauseNanos;
        } else {
            taken += order.pass() == Pass.STEP ? 1 : 0;
        }
        return sums;
    }

    /** Whether an order is past what the round was said to do. */
    private boolean isDue(Order order) {
        boolean past = order.pass() == Pass.STEP && order.step() > lastStep;
        return past || System.nanoTime() - begun > 2 * ROUND_NANOS;
    }

    /** Begins a round, or says that there can be none. */
    private boolean begin(Order order) {
        RDD<int[][]> drawn = shares.draw();
        if (drawn == null) {
            return false;
        }
        long now = System.nanoTime();
        if (taken > 0) {
            stepsEachRound = (int) Math.max(1, Math.min(MOST_STEPS, taken * ROUND_NANOS / (now - begun)));
        }
        begun = now;
        taken = 0;
        lastStep = order.pass() == Pass.STEP ? Math.min(order.steps(), order.step() + stepsEachRound - 1) : 0;
        rounds++;
        Round next = new Round(rounds, drawn.getNumPartitions(), mostBytes);
        round = next;
        endpoint.begin(next);
        job = new RoundJob(drawn, task(), order.description(lastStep), order.pass() == Pass.STEP, next::end);
        return true;
    }

    /** What the tasks of the round do. */
    private RoundTask task() {
        LongAccumulator rows = context.longAccumulator("rows");
        DoubleAccumulator loss = context.doubleAccumulator("loss, summed over the rows");
        return new RoundTask(
                name, rounds, architecture, data.blocks().rdd().id(), data.partitioner(), rows, loss, mostBytes);
    }

    private void endRound() {
        if (round != null) {
            round.end();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        demand.close();
        endRound();
        if (context.isStopped()) {
            return;
        }
        if (job != null) {
            job.await(); // its tasks ask until they know that it is over
            job.end();
        }
        rpcEnv.stop(address);
    }
}

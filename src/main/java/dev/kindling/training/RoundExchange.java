package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.io.Serializable;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkThrowable;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.RpcUtils;
import scala.Option;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

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
    /** How long Spark may take to end a job that was told to. */
    private static final long MOST_END_SECONDS = 1;

    private static final String CANCELLED = "SPARK_JOB_CANCELLED";
    private static final String GIVEN_UP = "the round was given up";
    /** After a round that broke the orders go to jobs for so long, and for twice as long each time. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** What a message has beside its body. */
    private static final int ENVELOPE_BYTES = 10_000;

    private static final AtomicInteger EXCHANGES = new AtomicInteger();
    private static final ClassTag<Object> NOTHING = ClassTag.apply(Object.class);

    private final PackedRows data;
    private final Architecture architecture;
    private final SparkContext context;
    private final JobExchange jobs;
    private final Shares shares;
    private final String name = "kindling-rounds-" + EXCHANGES.incrementAndGet();
    private final RpcEnv rpcEnv = SparkEnv.get().rpcEnv();
    private final RoundEndpoint endpoint = new RoundEndpoint(rpcEnv);
    private final RpcEndpointRef address = rpcEnv.setupEndpoint(name, endpoint);
    private final int mostBytes;
    private final Timer clock = new Timer(name, true);
    private volatile Round round;
    private FutureAction<?> job;
    private int rounds;
    private long begun;
    private int lastStep;
    /** How many steps the round has taken. */
    private int taken;

    private int stepsEachRound = FIRST_STEPS;
    private long pauseNanos;
    private long pausedUntil = System.nanoTime();

    RoundExchange(PackedRows data, Architecture architecture) {
        this(data, architecture, RpcUtils.maxMessageSizeBytes(SparkEnv.get().conf()) - ENVELOPE_BYTES);
    }

    /** @param mostBytes of one message */
    RoundExchange(PackedRows data, Architecture architecture, int mostBytes) {
        this.mostBytes = mostBytes;
        this.data = data;
        this.architecture = architecture;
        this.context = data.blocks().context();
        this.jobs = new JobExchange(data, architecture);
        this.shares = new Shares(data.blocks().rdd());
        every(IDLE_MILLIS / 2, open -> open.endIfIdle(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS)));
        every(LOOK_MILLIS, open -> open.endWithout(executors()));
    }

    /** Does something with the open round, if there is one, again and again. */
    private void every(long millis, Consumer<Round> look) {
        TimerTask task = new TimerTask() {
            @Override
            public void run() {
                Round open = round;
                if (open != null && !open.isOver()) {
                    try {
                        look.accept(open);
                    } catch (RuntimeException e) {
                        open.end(); // Spark is being stopped
                    }
                }
            }
        };
        clock.schedule(task, millis, millis);
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
        ShardSums sums = null;
        ShardSums zero = order.zero(architecture);
        if (System.nanoTime() - pausedUntil >= 0 && Math.max(zero.bytes(), order.bytes()) < Integer.MAX_VALUE - 8) {
            try {
                sums = inRound(order, zero);
            } catch (InterruptedException e) {
                endRound();
                throw RoundExchange.<RuntimeException>undeclared(e);
            }
        }
        return sums != null ? sums : jobs.sums(order);
    }

    /** As from Spark's own jobs: Scala declares no exceptions, so an interrupt may come from anywhere. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E undeclared(Throwable exception) throws E {
        throw (E) exception;
    }

    /** The sums from a round; null if there is none, or if it breaks. */
    private ShardSums inRound(Order order, ShardSums zero) throws InterruptedException {
        boolean isNew = round == null || round.isOver() || isDue(order);
        if (isNew) {
            if (round != null && round.isOver()) {
                requireNotCancelled();
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
            endJob();
            requireNotCancelled();
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(FIRST_PAUSE_NANOS, 2 * pauseNanos));
            pauseNanos = Math.max(pauseNanos, together ? 0 : 5 * TOGETHER_NANOS);
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
        JobProperties callers = JobProperties.of(context);
        new JobProperties(context, order.description(lastStep), order.pass() == Pass.STEP ? "true" : null).set();
        try {
            job = submit(drawn);
        } finally {
            callers.set();
        }
        FutureConverters.asJava(job).whenComplete((nothing, error) -> next.end());
        return true;
    }

    private FutureAction<?> submit(RDD<int[][]> drawn) {
        LongAccumulator rows = context.longAccumulator("rows");
        DoubleAccumulator loss = context.doubleAccumulator("loss, summed over the rows");
        RoundTask task = new RoundTask(
                name, rounds, architecture, data.blocks().rdd().id(), data.partitioner(), rows, loss, mostBytes);
        boolean mayComeAndGo = context.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        RDD<Object> tasks = mayComeAndGo
                ? drawn.mapPartitions(task, false, NOTHING)
                : drawn.barrier().mapPartitions(task, false, NOTHING);
        return context.submitJob(
                tasks,
                new Emptying(),
                CollectionConverters.<Object>asScala(IntStream.range(0, tasks.getNumPartitions())
                                .<Object>mapToObj(partition -> partition)
                                .toList())
                        .toSeq(),
                new Ignoring(),
                new Nothing());
    }

    private void endRound() {
        if (round != null) {
            round.end();
        }
    }

    /** Has Spark end the job at once, and waits until it has. */
    private void endJob() {
        job.cancel(Option.apply(GIVEN_UP));
        awaitJob();
    }

    /** Waits until the job has ended, but not for long. */
    private void awaitJob() {
        try {
            FutureConverters.asJava(job).toCompletableFuture().get(MOST_END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It has failed, which was seen to already, or waits for cores and will end as soon as it has them.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A user who cancels the job of a round, or its group, means the training. */
    private void requireNotCancelled() {
        if (job.isCompleted() && job.value().get().isFailure()) {
            Throwable why = job.value().get().failed().get();
            boolean isCancelled = why instanceof SparkThrowable error && CANCELLED.equals(error.getCondition());
            if (isCancelled && !why.getMessage().contains(GIVEN_UP)) {
                throw RoundExchange.<RuntimeException>undeclared(why);
            }
        }
    }

    @Override
    public void close() {
        clock.cancel();
        endRound();
        if (context.isStopped()) {
            return;
        }
        if (job != null) {
            awaitJob(); // its tasks ask until they know that it is over
            endJob();
        }
        rpcEnv.stop(address);
    }

    /** What is done with the elements of a task that gives none. */
    private static final class Emptying extends AbstractFunction1<Iterator<Object>, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object apply(Iterator<Object> elements) {
            return elements.isEmpty();
        }
    }

    /** What is done with what a task gives. */
    private static final class Ignoring extends AbstractFunction2<Object, Object, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object partition, Object nothing) {
            return BoxedUnit.UNIT;
        }
    }

    /** What the job gives. */
    private static final class Nothing extends AbstractFunction0<Object> {
        @Override
        public Object apply() {
            return BoxedUnit.UNIT;
        }
    }
}

package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.network.SparseRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag;

/** The driver's side of a round, with Spark's own RPC and made-up tasks. */
@Timeout(60)
class RoundTest {
    private static final Architecture ARCHITECTURE = Rows.ARCHITECTURE;
    private static final ClassTag<byte[][]> ANSWER = ClassTag.apply(byte[][].class);
    private static final RpcTimeout TIMEOUT = new RpcTimeout(new FiniteDuration(1, TimeUnit.MINUTES), "test");
    private static final AtomicInteger ENDPOINTS = new AtomicInteger();
    private static final int NUMBER = 3;
    private static final int PLENTY = 1 << 20;
    private static final int[] BATCH = {0, 1, 2};
    private static final Order ORDER =
            Order.step(BATCH, new float[][] {Initialisation.UNIFORM.draw(ARCHITECTURE, 1)}, 1, 1, "");

    private final RpcEnv rpcEnv =
            SparkTest.session() == null ? null : SparkEnv.get().rpcEnv();
    private final RoundEndpoint endpoint = new RoundEndpoint(rpcEnv);
    private final RpcEndpointRef driver = rpcEnv.setupEndpoint("round-test-" + ENDPOINTS.incrementAndGet(), endpoint);

    @AfterEach
    void closeTheEndpoint() {
        rpcEnv.stop(driver);
    }

    private CompletableFuture<RoundMessage> ask(Object message) {
        return FutureConverters.asJava(driver.ask(message, TIMEOUT, ANSWER))
                .toCompletableFuture()
                .thenApply(RoundMessage::read);
    }

    private CompletableFuture<RoundMessage> ask(RoundMessage message) {
        return ask(message.toBytes());
    }

    private CompletableFuture<RoundMessage> ask(RoundMessage.Kind kind, int task) {
        return ask(RoundMessage.of(kind, NUMBER, task, 0));
    }

    private CompletableFuture<RoundMessage> here(int round, int task, String executor) {
        byte[] name = executor.getBytes(StandardCharsets.UTF_8);
        return ask(RoundMessage.piece(RoundMessage.Kind.HERE, round, task, 0, name, 0, name.length));
    }

    private CompletableFuture<RoundMessage> sums(int task, int order, byte[] sums) {
        return ask(RoundMessage.piece(RoundMessage.Kind.SUMS, NUMBER, task, order, sums, 0, PLENTY));
    }

    private static void isOver(CompletableFuture<RoundMessage> answer) {
        assertThat(answer.join().kind()).isEqualTo(RoundMessage.Kind.END);
    }

    /** The error is one that an executor can read: its threads of Spark's do not see our classes. */
    private static void isRefused(CompletableFuture<RoundMessage> answer, String... parts) {
        assertThat(answer)
                .failsWithin(50, TimeUnit.SECONDS)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .withNoCause()
                .satisfies(error -> assertThat(error.getMessage()).contains(parts));
    }

    private Round begin(int tasks, int mostBytes) {
        Round round = new Round(NUMBER, tasks, mostBytes);
        endpoint.begin(round);
        return round;
    }

    /** A round of two executors, 0 with one task and 1 with two, which all have come. */
    private Round together(int mostBytes) throws InterruptedException {
        Round round = begin(3, mostBytes);
        List<CompletableFuture<RoundMessage>> answers =
                List.of(here(NUMBER, 2, "one"), here(NUMBER, 0, "nought"), here(NUMBER, 1, "one"));
        assertThat(round.comesTogether(TimeUnit.MINUTES.toNanos(1))).isTrue();
        assertThat(answers).extracting(answer -> answer.join().kind()).containsOnly(RoundMessage.Kind.TOGETHER);
        assertThat(answers).extracting(answer -> answer.join().task()).containsExactly(1, 0, 1);
        assertThat(answers).extracting(answer -> answer.join().number()).containsExactly(2, 1, 2);
        return round;
    }

    private static CompletableFuture<ShardSums> order(Round round) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return round.sums(ORDER, ORDER.zero(ARCHITECTURE));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The sums over some blocks of the batch, each of them with as many rows as its number says, and one more. */
    private static ShardSums sumsOf(int... blocks) {
        ShardSums sums = ORDER.zero(ARCHITECTURE);
        List<PartitionCost> costs = new ArrayList<>();
        for (int number : blocks) {
            Random random = new Random(number);
            SparseRows rows = new SparseRows(ARCHITECTURE.inputs());
            for (int row = 0; row <= number; row++) {
                float[] features = new float[ARCHITECTURE.inputs()];
                for (int k = 0; k < features.length; k++) {
                    features[k] = random.nextFloat();
                }
                rows.add(random.nextInt(ARCHITECTURE.classes()), features);
            }
            Network network = new Network(ARCHITECTURE, ORDER.parameters()[0], number + 1);
            float[] gradient = new float[ARCHITECTURE.parameters()];
            Block block = new Block(rows);
            network.gradient(block, gradient);
            sums.run(0).add(network, block, gradient);
            costs.add(new PartitionCost(number, number + 1, 1));
        }
        sums.addTask(costs);
        return sums;
    }

    private static void areThoseOfAllBlocks(ShardSums sums) {
        ShardSums all = sumsOf(BATCH);
        assertThat(sums.run(0).meanGradient()).isEqualTo(all.run(0).meanGradient());
        assertThat(sums.run(0).meanLoss()).isEqualTo(all.run(0).meanLoss());
        assertThat(sums.rows()).isEqualTo(all.rows());
        assertThat(sums.cost(0, 1).partitions())
                .extracting(PartitionCost::partition)
                .containsExactlyInAnyOrder(0, 1, 2);
    }

    /** Takes one order as an executor does, in pieces, and says what is answered to the sums of some of its blocks. */
    private CompletableFuture<RoundMessage> takeOrder(RoundMessage first, int task, int mostBytes, int... blocks) {
        Parcel parcel = new Parcel();
        RoundMessage piece = first;
        parcel.add(piece);
        while (!piece.isLast()) {
            assertThat(piece.body()).hasSize(mostBytes);
            piece = ask(new RoundMessage(
                            RoundMessage.Kind.MORE,
                            NUMBER,
                            task,
                            piece.number(),
                            parcel.received(),
                            piece.total(),
                            new byte[0]))
                    .join();
            parcel.add(piece);
        }
        Order read = Order.read(parcel.take(), ARCHITECTURE);
        assertThat(read.blocks()).isEqualTo(BATCH);
        assertThat(read.parameters()).isDeepEqualTo(ORDER.parameters());
        byte[] sums = sumsOf(blocks).toBytes();
        int offset = 0;
        for (; sums.length - offset > mostBytes; offset += mostBytes) {
            RoundMessage.Kind answer = ask(RoundMessage.piece(
                            RoundMessage.Kind.PIECE, NUMBER, task, piece.number(), sums, offset, mostBytes))
                    .join()
                    .kind();
            assertThat(answer).isEqualTo(RoundMessage.Kind.RECEIVED);
        }
        return ask(RoundMessage.piece(RoundMessage.Kind.SUMS, NUMBER, task, piece.number(), sums, offset, mostBytes));
    }

    @ParameterizedTest
    @CsvSource({"1048576", "1000", "8"})
    void ordersAndSumsComeWholeInPiecesOfAnySize(int mostBytes) throws InterruptedException {
        Round round = together(mostBytes);
        CompletableFuture<RoundMessage> nought = ask(RoundMessage.Kind.READY, 0);
        CompletableFuture<RoundMessage> one = ask(RoundMessage.Kind.READY, 1);
        for (int number = 1; number <= 2; number++) {
            CompletableFuture<ShardSums> sums = order(round);
            assertThat(one.join().number()).isEqualTo(number);
            one = takeOrder(one.join(), 1, mostBytes, 1);
            assertThat(sums).isNotDone();
            nought = takeOrder(nought.join(), 0, mostBytes, 2, 0);
            areThoseOfAllBlocks(sums.join());
            assertThat(nought).isNotDone();
        }
        round.end();
        isOver(nought);
        isOver(one);
    }

    /** A round that has an order out, whose sums of executor 1 have come, but not those of executor 0. */
    private final class HalfDone {
        private final Round round = together(PLENTY);
        private final CompletableFuture<RoundMessage> nought = ask(RoundMessage.Kind.READY, 0);
        private final CompletableFuture<RoundMessage> one;
        private final CompletableFuture<ShardSums> sums;

        HalfDone() throws InterruptedException {
            CompletableFuture<RoundMessage> ready = ask(RoundMessage.Kind.READY, 1);
            sums = order(round);
            one = takeOrder(ready.join(), 1, PLENTY, 1);
            nought.join();
        }

        /** Whatever came in between, the sums are those of all blocks. */
        void goesOnAsIfNothingHadCome() {
            assertThat(sums).isNotDone();
            CompletableFuture<RoundMessage> next = sums(0, 1, sumsOf(0, 2).toBytes());
            areThoseOfAllBlocks(sums.join());
            assertThat(round.isOver()).isFalse();
            round.end();
            isOver(next);
            isOver(one);
        }

        void hasEnded() {
            assertThat(sums.join()).isNull();
            isOver(one);
            isOver(sums(0, 1, sumsOf(0, 2).toBytes()));
            assertThat(round.isOver()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"2", "4", "-1", "0"})
    void aMessageOfAnotherRoundChangesNothing(int other) throws InterruptedException {
        HalfDone half = new HalfDone();
        byte[] sums = sumsOf(0, 1, 2).toBytes();
        isOver(here(other, 0, "nought"));
        isOver(ask(RoundMessage.piece(RoundMessage.Kind.SUMS, other, 0, 1, sums, 0, PLENTY)));
        isOver(ask(RoundMessage.piece(RoundMessage.Kind.PIECE, other, 0, 1, sums, 0, 10)));
        isOver(ask(RoundMessage.of(RoundMessage.Kind.READY, other, 0, 0)));
        isOver(ask(RoundMessage.of(RoundMessage.Kind.LEAVES, other, 0, 0)));
        half.goesOnAsIfNothingHadCome();
    }

    @Test
    void aMessageThatIsNotDueIsRefusedAndChangesNothing() throws InterruptedException {
        HalfDone half = new HalfDone();
        byte[] sums = sumsOf(0, 2).toBytes();
        String[] who = {"SUMS of task 1 about order 1", "do all executors run this version of Kindling?"};
        isRefused(sums(1, 1, sumsOf(1).toBytes()), who); // a second time
        isRefused(sums(2, 1, sums), "SUMS of task 2"); // which does not speak for its executor
        isRefused(sums(-1, 1, sums), "SUMS of task -1");
        isRefused(sums(0, 0, sums), "about order 0");
        isRefused(sums(0, 2, sums), "about order 2");
        isRefused(sums(0, 1, new byte[0]), "with 0 bytes");
        isRefused(sums(0, 1, Arrays.copyOf(sums, sums.length - 1)), "with " + (sums.length - 1) + " bytes");
        isRefused(sums(0, 1, Arrays.copyOf(sums, sums.length + 1)), "with " + (sums.length + 1) + " bytes");
        isRefused(ask(RoundMessage.of(RoundMessage.Kind.READY, NUMBER, 1, 0)), "READY of task 1");
        isRefused(ask(RoundMessage.of(RoundMessage.Kind.READY, NUMBER, 2, 0)), "READY of task 2");
        isRefused(ask(RoundMessage.of(RoundMessage.Kind.MORE, NUMBER, 0, 0)), "MORE of task 0");
        int end = Math.toIntExact(ORDER.bytes());
        isRefused(ask(new RoundMessage(RoundMessage.Kind.MORE, NUMBER, 0, 1, end, end, new byte[0])), "MORE of task 0");
        isRefused(ask(RoundMessage.of(RoundMessage.Kind.MORE, NUMBER, 2, 1)), "MORE of task 2");
        half.goesOnAsIfNothingHadCome();
    }

    @ParameterizedTest
    @EnumSource(
            value = RoundMessage.Kind.class,
            names = {"TOGETHER", "RECEIVED", "ORDER", "END"})
    void aMessageThatOnlyTheDriverSendsIsRefusedAndChangesNothing(RoundMessage.Kind kind) throws InterruptedException {
        HalfDone half = new HalfDone();
        isRefused(ask(RoundMessage.of(kind, NUMBER, 0, 1)), kind + " of task 0");
        half.goesOnAsIfNothingHadCome();
    }

    static Stream<Object> garbage() {
        byte[] header = RoundMessage.of(RoundMessage.Kind.SUMS, NUMBER, 0, 1).toBytes()[0];
        byte[] unknownKind = header.clone();
        unknownKind[3] = 99;
        byte[] zeros = new byte[header.length];
        return Stream.of(
                "sums",
                header,
                new byte[0][],
                new byte[][] {header},
                new byte[][] {header, new byte[0], new byte[0]},
                new byte[][] {Arrays.copyOf(header, header.length - 1), new byte[0]},
                new byte[][] {Arrays.copyOf(header, header.length + 4), new byte[0]},
                new byte[][] {null, new byte[0]},
                new byte[][] {header, null},
                new byte[][] {unknownKind, new byte[0]},
                new byte[][] {zeros, new byte[0]},
                new byte[][] {header, new byte[1]}, // more than the whole
                sized(-1, 0, 0),
                sized(0, -1, 0),
                sized(1, Integer.MIN_VALUE, 0),
                sized(11, 10, 0),
                sized(Integer.MAX_VALUE, Integer.MAX_VALUE, 1));
    }

    private static byte[][] sized(int offset, int total, int body) {
        return new RoundMessage(RoundMessage.Kind.SUMS, NUMBER, 0, 1, offset, total, new byte[body]).toBytes();
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void whatIsNoMessageIsRefusedAndChangesNothing(Object garbage) throws InterruptedException {
        HalfDone half = new HalfDone();
        isRefused(ask(garbage), "found a message that is none of a round", "version of Kindling");
        half.goesOnAsIfNothingHadCome();
    }

    @Test
    void aPieceOutOfOrderIsRefused() throws InterruptedException {
        HalfDone half = new HalfDone();
        byte[] sums = sumsOf(0, 2).toBytes();
        RoundMessage first = RoundMessage.piece(RoundMessage.Kind.PIECE, NUMBER, 0, 1, sums, 0, 16);
        RoundMessage third = RoundMessage.piece(RoundMessage.Kind.PIECE, NUMBER, 0, 1, sums, 32, 16);
        RoundMessage rest = RoundMessage.piece(RoundMessage.Kind.SUMS, NUMBER, 0, 1, sums, 16, PLENTY);
        byte[] longer = Arrays.copyOf(sums, sums.length + sumsOf(1).toBytes().length - sumsOf().toBytes().length);
        RoundMessage cut = RoundMessage.piece(RoundMessage.Kind.PIECE, NUMBER, 0, 1, sums, 0, 12);
        isRefused(ask(third), "found bytes from 32 on", "expected them from 0 on");
        isRefused(ask(cut), "found 12 bytes of sums from 0 on", "expected whole numbers of 8 bytes");
        assertThat(ask(first).join().kind()).isEqualTo(RoundMessage.Kind.RECEIVED);
        isRefused(ask(first), "found bytes from 0 on", "expected them from 16 on");
        isRefused(ask(third), "found bytes from 32 on", "expected them from 16 on");
        isRefused(
                ask(RoundMessage.piece(RoundMessage.Kind.SUMS, NUMBER, 0, 1, longer, 16, PLENTY)),
                "of " + longer.length,
                "of " + sums.length);
        CompletableFuture<RoundMessage> next = ask(rest);
        areThoseOfAllBlocks(half.sums.join());
        half.round.end();
        isOver(next);
    }

    @ParameterizedTest
    @CsvSource({"0, nought", "0, one", "2, one", "3, one", "-1, one"})
    void aSecondAttemptOfATaskEndsTheRound(int task, String executor) throws InterruptedException {
        HalfDone half = new HalfDone();
        isOver(here(NUMBER, task, executor));
        half.hasEnded();
    }

    @Test
    void aSecondAttemptEndsARoundThatIsNotTogetherYet() throws InterruptedException {
        Round round = begin(2, PLENTY);
        CompletableFuture<RoundMessage> first = here(NUMBER, 1, "one");
        isOver(here(NUMBER, 1, "two"));
        isOver(first);
        isOver(here(NUMBER, 0, "nought"));
        assertThat(round.comesTogether(TimeUnit.MINUTES.toNanos(1))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void aTaskThatLeavesEndsTheRound(int task) throws InterruptedException {
        HalfDone half = new HalfDone();
        isOver(ask(RoundMessage.Kind.LEAVES, task));
        half.hasEnded();
    }

    @Test
    void aLostExecutorEndsTheRoundAndAnAdditionalOneDoesNot() throws InterruptedException {
        HalfDone half = new HalfDone();
        half.round.endWithout(Set.of("nought", "one", "two"));
        assertThat(half.sums).isNotDone();
        half.round.endWithout(Set.of("one", "two"));
        half.hasEnded();
    }

    @Test
    void aRoundThatDoesNotComeTogetherLetsThoseGoThatHaveCome() throws InterruptedException {
        Round round = begin(2, PLENTY);
        CompletableFuture<RoundMessage> first = here(NUMBER, 0, "nought");
        assertThat(round.comesTogether(1)).isFalse();
        round.end();
        isOver(first);
        isOver(here(NUMBER, 1, "one"));
        assertThat(round.sums(ORDER, ORDER.zero(ARCHITECTURE))).isNull();
    }

    @Test
    void onlyARoundOfWhichNothingIsAskedIsIdle() throws InterruptedException {
        Round coming = begin(1, PLENTY);
        coming.endIfIdle(0);
        assertThat(coming.isOver()).isFalse();

        HalfDone half = new HalfDone();
        half.round.endIfIdle(0);
        assertThat(half.round.isOver()).isFalse();
        CompletableFuture<RoundMessage> nought = sums(0, 1, sumsOf(0, 2).toBytes());
        areThoseOfAllBlocks(half.sums.join());
        half.round.endIfIdle(TimeUnit.MINUTES.toNanos(1));
        assertThat(half.round.isOver()).isFalse();
        half.round.endIfIdle(0);
        assertThat(half.round.isOver()).isTrue();
        isOver(nought);
        isOver(half.one);
    }

    @Test
    void beforeTheFirstRoundAMessageIsAnswered() {
        isOver(here(NUMBER, 0, "nought"));
    }

    @Test
    void whoWaitsForSumsCanBeInterrupted() throws InterruptedException {
        Round round = together(PLENTY);
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread driverThread = new Thread(() -> {
            try {
                outcome.complete(round.sums(ORDER, ORDER.zero(ARCHITECTURE)));
            } catch (InterruptedException e) {
                outcome.complete("interrupted");
            }
        });
        driverThread.start();
        driverThread.interrupt();
        assertThat(outcome.join()).isEqualTo("interrupted");
    }
}

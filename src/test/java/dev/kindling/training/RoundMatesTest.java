package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.network.Architecture;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskContext$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tasks of a round that share a JVM. */
@Timeout(60)
class RoundMatesTest {
    private static final AtomicInteger EXCHANGES = new AtomicInteger();
    private static final Architecture ARCHITECTURE = Rows.ARCHITECTURE;
    private static final Order ORDER =
            Order.step(new int[] {0, 1}, new float[][] {new float[ARCHITECTURE.parameters()]}, 1, 1, "");
    private static final TaskContext TASK = TaskContext$.MODULE$.empty();

    private final String exchange = "round-mates-test-" + EXCHANGES.incrementAndGet();

    private static ShardSums sumsOf(int partition) {
        ShardSums sums = ORDER.zero(ARCHITECTURE);
        sums.addTask(List.of(new PartitionCost(partition, 1, 1)));
        return sums;
    }

    private static CompletableFuture<Order> next(RoundMates mates, int number) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return mates.next(number, TASK);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void theLastToAddHasTheSumsOfAllAndTheNextOrderBeginsAnew() {
        try (RoundMates one = RoundMates.join(exchange, 1, 2);
                RoundMates two = RoundMates.join(exchange, 1, 2)) {
            for (int number = 1; number <= 3; number++) {
                CompletableFuture<Order> next = next(two, number);
                one.give(ORDER);
                assertThat(next.join()).isSameAs(ORDER);
                assertThat(two.add(sumsOf(2))).isNull();
                assertThat(one.add(sumsOf(1)).cost(0, 1).partitions())
                        .extracting(PartitionCost::partition)
                        .containsExactly(2, 1);
            }
        }
    }

    @Test
    void whereOneHasLeftThereAreNoSumsOfSome() {
        RoundMates one = RoundMates.join(exchange, 1, 2);
        try (RoundMates two = RoundMates.join(exchange, 1, 2)) {
            one.give(ORDER);
            assertThat(one.add(sumsOf(1))).isNull();
            one.close();
            assertThat(two.add(sumsOf(2))).isNull();
        }
    }

    @Test
    void whoWaitsForAnOrderHearsThatOneHasLeft() {
        RoundMates one = RoundMates.join(exchange, 1, 2);
        try (RoundMates two = RoundMates.join(exchange, 1, 2)) {
            CompletableFuture<Order> next = next(two, 1);
            one.close();
            assertThat(next.join()).isNull();
        }
    }

    @Test
    void aRoundThatNotAllHaveJoinedIsOverForTheNextOne() {
        RoundMates one = RoundMates.join(exchange, 1, 2);
        one.close();
        try (RoundMates ofTheNext = RoundMates.join(exchange, 2, 1);
                RoundMates late = RoundMates.join(exchange, 1, 2)) {
            assertThat(next(late, 1).join()).isNull();
            ofTheNext.give(ORDER);
            assertThat(next(ofTheNext, 1).join()).isSameAs(ORDER);
            assertThat(ofTheNext.add(sumsOf(1))).isNotNull();
        }
    }
}

package dev.kindling.training;

import dev.kindling.error.KindlingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.rpc.RpcCallContext;

/**
 * A round as the driver sees it: who has come, who waits for an order, and what they have summed up.
 *
 * <p>All tasks wait until the last has started. Then one task of each executor waits for an order; the driver holds its
 * answer back until there is one. When the sums of all executors have come, all of them wait for the next order.
 */
final class Round {
    private final int number;
    private final int tasks;
    private final int mostBytes;
    private final Map<Integer, RpcCallContext> started = new TreeMap<>();
    private final Map<Integer, String> executors = new HashMap<>();
    /** What comes from the tasks that speak for their executors. */
    private final Map<Integer, Arrival> speakers = new TreeMap<>();

    private final Map<Integer, RpcCallContext> waiting = new HashMap<>();
    private byte[] order;
    private int orders;
    private ShardSums total;
    private boolean asked;
    private boolean over;
    private long since = System.nanoTime();

    /**
     * @param tasks how many it has
     * @param mostBytes of one message
     */
    Round(int number, int tasks, int mostBytes) {
        this.number = number;
        this.tasks = tasks;
        this.mostBytes = mostBytes;
    }

    /** Takes in a message of a task. One from another round, or after the end of this one, changes nothing. */
    synchronized void receive(RoundMessage message, RpcCallContext sender) {
        if (over || message.round() != number) {
            answer(sender, RoundMessage.Kind.END);
            return;
        }
        switch (message.kind()) {
            case HERE -> start(message, sender);
            case READY -> ready(message, sender);
            case MORE -> more(message, sender);
            case PIECE, SUMS -> sums(message, sender);
            case LEAVES -> {
                answer(sender, RoundMessage.Kind.END);
                end();
            }
            default -> require(false, message);
        }
    }

    private void start(RoundMessage message, RpcCallContext sender) {
        boolean again = message.task() < 0
                || message.task() >= tasks
                || executors.putIfAbsent(message.task(), new String(message.body(), StandardCharsets.UTF_8)) != null;
        if (again) { // a second attempt, so that the first one may never answer
            answer(sender, RoundMessage.Kind.END);
            end();
            return;
        }
        started.put(message.task(), sender);
        if (started.size() == tasks) {
            Map<String, List<Integer>> byExecutor = new HashMap<>();
            started.keySet()
                    .forEach(task -> byExecutor
                            .computeIfAbsent(executors.get(task), unseen -> new ArrayList<>())
                            .add(task));
            byExecutor.values().forEach(mates -> {
                speakers.put(mates.get(0), new Arrival());
                mates.forEach(mate -> started.get(mate)
                        .reply(RoundMessage.of(RoundMessage.Kind.TOGETHER, number, mates.get(0), mates.size())
                                .toBytes()));
            });
            started.clear();
            notifyAll();
        }
    }

    private void ready(RoundMessage message, RpcCallContext sender) {
        require(speakers.containsKey(message.task()) && !waiting.containsKey(message.task()), message);
        waits(message, sender);
    }

    private void more(RoundMessage message, RpcCallContext sender) {
        require(
                message.number() == orders
                        && order != null
                        && message.offset() < order.length
                        && speakers.containsKey(message.task())
                        && !waiting.containsKey(message.task()),
                message);
        sender.reply(piece(message.offset()));
    }

    private void sums(RoundMessage message, RpcCallContext sender) {
        Arrival arrival = speakers.get(message.task());
        require(
                arrival != null
                        && asked
                        && message.number() == orders
                        && !waiting.containsKey(message.task())
                        && total.fits(message.total())
                        && message.isLast() == (message.kind() == RoundMessage.Kind.SUMS),
                message);
        arrival.add(message.body(), message.offset(), message.total(), total);
        if (message.isLast()) {
            waits(message, sender);
        } else {
            answer(sender, RoundMessage.Kind.RECEIVED);
        }
    }

    private void waits(RoundMessage message, RpcCallContext sender) {
        waiting.put(message.task(), sender);
        if (waiting.size() == speakers.size()) {
            asked = false;
            since = System.nanoTime();
            notifyAll();
        }
    }

    private static void require(boolean isExpected, RoundMessage message) {
        if (!isExpected) {
            throw new KindlingException(
                    "found a message " + message.kind() + " of task " + message.task() + " about order "
                            + message.number() + " with " + message.total()
                            + " bytes, which is not expected now: do all executors"
                            + " run this version of Kindling?");
        }
    }

    private void answer(RpcCallContext sender, RoundMessage.Kind kind) {
        sender.reply(RoundMessage.of(kind, number, 0, 0).toBytes());
    }

    private byte[][] piece(int offset) {
        return RoundMessage.piece(RoundMessage.Kind.ORDER, number, 0, orders, order, offset, mostBytes)
                .toBytes();
    }

    /** Waits until all tasks have started, and says whether they have in time. */
    synchronized boolean comesTogether(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!over && speakers.isEmpty() && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        return !speakers.isEmpty();
    }

    /**
     * Gives an order to all executors and waits for their sums.
     *
     * @param zero the sums of the order, without any rows
     * @return null if the round ends before all sums have come
     */
    ShardSums sums(Order next, ShardSums zero) throws InterruptedException {
        List<RpcCallContext> receivers;
        byte[] bytes = next.toBytes();
        synchronized (this) {
            await(() -> waiting.size() == speakers.size());
            if (over) {
                return null;
            }
            receivers = List.copyOf(waiting.values());
            waiting.clear();
            order = bytes;
            orders++;
            total = zero;
            asked = true;
        }
        byte[][] first = piece(0);
        receivers.forEach(receiver -> receiver.reply(first));
        synchronized (this) {
            await(() -> !asked);
            return over ? null : total;
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        while (!over && !condition.getAsBoolean()) {
            wait();
        }
    }

    /** Ends it if nothing has been asked for some time. */
    synchronized void endIfIdle(long nanos) {
        if (!asked && System.nanoTime() - since > nanos && waiting.size() == speakers.size() && !speakers.isEmpty()) {
            end();
        }
    }

    /**
     * Ends it if one of its executors is lost. Where its tasks are not a barrier stage, Spark would start the tasks of that
     * executor again elsewhere, for which there may be no core while the others wait.
     *
     * @param there the names of the executors that live
     */
    synchronized void endWithout(Set<String> there) {
        if (!there.containsAll(executors.values())) {
            end();
        }
    }

    /** Ends it: those who wait are told now, the others when they ask. */
    synchronized void end() {
        if (!over) {
            over = true;
            started.values().forEach(task -> answer(task, RoundMessage.Kind.END));
            waiting.values().forEach(speaker -> answer(speaker, RoundMessage.Kind.END));
            notifyAll();
        }
    }

    /** Whether it has ended. */
    synchronized boolean isOver() {
        return over;
    }
}

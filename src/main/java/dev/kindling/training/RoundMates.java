package dev.kindling.training;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;

/**
 * The tasks of a round that run in one JVM. They add up their sums, and the last to finish sends them to the driver, receives
 * the next order, and gives it to the others. So an executor sends and receives one message a step however many tasks it has.
 *
 * <p>As soon as one leaves, it is over for all.
 */
final class RoundMates implements AutoCloseable {
    private static final long LOOK_MILLIS = 100;

    /** By the name of the exchange, those of its last round here. */
    private static final Map<String, RoundMates> HERE = new HashMap<>();

    private final String exchange;
    private final int round;
    private final int size;
    private int left;
    private boolean over;
    private Order order;
    private int orders;
    private ShardSums sums;
    private int summed;

    private RoundMates(String exchange, int round, int size) {
        this.exchange = exchange;
        this.round = round;
        this.size = size;
    }

    /**
     * Meets the other tasks.
     *
     * @param exchange a name that no other exchange of the application has
     * @param size how many tasks of the round run here
     */
    static RoundMates join(String exchange, int round, int size) {
        synchronized (HERE) {
            RoundMates there = HERE.get(exchange);
            if (there == null || there.round < round) {
                there = new RoundMates(exchange, round, size);
                HERE.put(exchange, there);
            }
            if (there.round == round) {
                return there;
            }
            RoundMates late = new RoundMates(exchange, round, size);
            late.over = true;
            return late;
        }
    }

    /** Gives the others an order. */
    synchronized void give(Order next) {
        order = next;
        orders++;
        notifyAll();
    }

    /**
     * Waits for an order.
     *
     * @param number which one, from 1
     * @return null if there is no more
     */
    synchronized Order next(int number, TaskContext task) throws InterruptedException {
        while (!over && orders < number) {
            task.killTaskIfInterrupted();
            wait(LOOK_MILLIS);
        }
        return over ? null : order;
    }

    /**
     * Adds the sums of a task.
     *
     * @return the sums of all, if this was the last task; else null, and if one has left, whose sums may have gone with it
     */
    synchronized ShardSums add(ShardSums ofTask) {
        if (over) {
            return null;
        }
        if (sums == null) {
            sums = ofTask;
        } else {
            sums.add(ofTask);
        }
        summed++;
        if (summed < size) {
            return null;
        }
        ShardSums all = sums;
        sums = null;
        summed = 0;
        return all;
    }

    /** A task leaves. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
            left++;
            order = null;
            sums = null;
            notifyAll();
        }
        synchronized (HERE) {
            if (left == size) {
                HERE.remove(exchange, this);
            }
        }
    }
}

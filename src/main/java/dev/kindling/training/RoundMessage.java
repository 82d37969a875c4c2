package dev.kindling.training;

import dev.kindling.error.KindlingException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the tasks of a round and the driver tell each other: each message of a task has one answer of the driver.
 *
 * <p>It travels as arrays of bytes and not as an object of ours: the threads of an executor that read answers do not see
 * the jars that an application brings.
 *
 * @param kind what it is
 * @param round which round it is of
 * @param task that sends it, or that speaks for its executor
 * @param number of the order that it is about; of {@link Kind#TOGETHER} how many tasks the executor has
 * @param offset where the body begins in the whole, which is too large for one message
 * @param total how many bytes the whole has
 * @param body what goes with it
 */
record RoundMessage(Kind kind, int round, int task, int number, int offset, int total, byte[] body) {
    private static final int HEADER_INTS = 6;
    private static final byte[] NOTHING = {};

    /** A task sends the first six, the driver the others. */
    enum Kind {
        /** A task has started. The body is the name of its executor. */
        HERE(1),
        /** A task leaves before the end: it has not all its blocks in memory, or fails, or one beside it does. */
        LEAVES(2),
        /** A task is ready for the first order of its executor. */
        READY(3),
        /** The executor wants more of the order. */
        MORE(4),
        /** The body is a piece of what the executor has summed up. */
        PIECE(5),
        /** The body is what the executor has summed up, or the last piece of it. The answer is the next order. */
        SUMS(6),
        /** All tasks have started. */
        TOGETHER(7),
        /** A piece has come. */
        RECEIVED(8),
        /** The body is an order, or a piece of one. */
        ORDER(9),
        /** The round is over. */
        END(10);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Optional<Kind> of(int code) {
            return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
        }
    }

    /** A message without a body. */
    static RoundMessage of(Kind kind, int round, int task, int number) {
        return new RoundMessage(kind, round, task, number, 0, 0, NOTHING);
    }

    /** A message whose body is a piece of an array, from an offset on, with at most {@code most} bytes. */
    static RoundMessage piece(Kind kind, int round, int task, int number, byte[] whole, int offset, int most) {
        byte[] body = offset == 0 && whole.length <= most
                ? whole
                : Arrays.copyOfRange(whole, offset, (int) Math.min((long) offset + most, whole.length));
        return new RoundMessage(kind, round, task, number, offset, whole.length, body);
    }

    /** As it travels. */
    byte[][] toBytes() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_INTS * Integer.BYTES);
        header.putInt(kind.code)
                .putInt(round)
                .putInt(task)
                .putInt(number)
                .putInt(offset)
                .putInt(total);
        return new byte[][] {header.array(), body};
    }

    /**
     * Reads what {@link #toBytes} gives.
     *
     * @throws KindlingException if it is something else
     */
    static RoundMessage read(Object message) {
        if (message instanceof byte[][] parts
                && parts.length == 2
                && parts[0] != null
                && parts[0].length == HEADER_INTS * Integer.BYTES
                && parts[1] != null) {
            ByteBuffer header = ByteBuffer.wrap(parts[0]);
            Optional<Kind> kind = Kind.of(header.getInt());
            RoundMessage read = new RoundMessage(
                    kind.orElse(Kind.END),
                    header.getInt(),
                    header.getInt(),
                    header.getInt(),
                    header.getInt(),
                    header.getInt(),
                    parts[1]);
            if (kind.isPresent() && read.offset >= 0 && (long) read.offset + read.body.length <= read.total) {
                return read;
            }
        }
        throw new KindlingException("found a message that is none of a round of training: do all executors run this"
                + " version of Kindling?");
    }

    /** Whether the whole ends with this piece. */
    boolean isLast() {
        return offset + body.length == total;
    }
}

package dev.kindling;

import com.sun.management.ThreadMXBean;
import dev.kindling.error.KindlingException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages files as disks, downloads and attackers do, and holds a reader to its promise: it reads what is there, or
 * ends in a {@link KindlingException} of one line; nothing else, and within stated memory. A seed stands for a damage.
 */
public final class Mutations {
    private static final int MAX_PIECE = 64;
    private static final int[] EXTREMES = {0, 1, -1, 0x7fff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE};
    /** What breaks text, and what numbers in text may be. */
    private static final String[] WORDS = {
        "\n",
        "\r\n",
        "\r",
        ",",
        ",,",
        "\"",
        "\0",
        "\ufeff",
        "-1",
        "256",
        "1e999",
        "NaN",
        "4294967297",
        "\\u12",
        "\\",
        "${a:-${a}}",
        "${sys:user.home}",
        "=",
        ":",
        "#"
    };

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Mutations() {}

    /** Reads a file that may be damaged. */
    @FunctionalInterface
    public interface Reader {
        /** Reads all of it, and checks that what comes out without an exception is right. */
        void read(byte[] damaged) throws Exception;
    }

    /** A damaged file, and how it came about. */
    private record Mutant(byte[] bytes, String how) {
        Mutant then(String next, byte[]... parts) {
            int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
            byte[] joined = new byte[length];
            int end = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, joined, end, part.length);
                end += part.length;
            }
            return new Mutant(joined, how + "; " + next);
        }
    }

    /**
     * Damages a file in as many ways as asked, and has each read.
     *
     * @param allocated the most bytes that reading one may allocate in this thread, garbage included: what it holds at
     *     any time is less
     */
    public static void damage(byte[] whole, int mutants, long allocated, Reader reader) {
        for (int seed = 0; seed < mutants; seed++) {
            Mutant mutant = mutant(whole, seed);
            try {
                expectReadOrRefused(mutant.bytes(), allocated, reader);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + mutant.how() + ": " + e, e);
            }
        }
    }

    /** Has one file read, under the same promise. */
    public static void expectReadOrRefused(byte[] file, long allocated, Reader reader) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reader.read(file);
        } catch (KindlingException e) {
            if (e.getMessage().lines().count() != 1) {
                throw new AssertionError("not one line: " + e.getMessage(), e);
            }
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (bytes > allocated) {
            throw new AssertionError("allocated " + bytes + " bytes, expected at most " + allocated);
        }
    }

    /** One to three damages, one after the other. */
    private static Mutant mutant(byte[] whole, long seed) {
        Random random = new Random(seed);
        Mutant mutant = new Mutant(whole, "");
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            mutant = damaged(mutant, random);
        }
        return mutant;
    }

    private static Mutant damaged(Mutant mutant, Random random) {
        byte[] bytes = mutant.bytes();
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(MAX_PIECE));
        byte[] head = Arrays.copyOf(bytes, at);
        byte[] piece = Arrays.copyOfRange(bytes, at, end);
        byte[] tail = Arrays.copyOfRange(bytes, end, bytes.length);
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        switch (random.nextInt(8)) {
            case 0 -> {
                if (piece.length > 0) {
                    piece[0] ^= (byte) (1 << random.nextInt(8));
                }
                return mutant.then("a bit flipped in byte " + at, head, piece, tail);
            }
            case 1 -> {
                random.nextBytes(piece);
                return mutant.then("random bytes from " + at + " to " + end, head, piece, tail);
            }
            case 2 -> {
                return mutant.then("cut off at " + at, head);
            }
            case 3 -> {
                byte[] inserted = new byte[1 + random.nextInt(MAX_PIECE)];
                random.nextBytes(inserted);
                return mutant.then(inserted.length + " bytes put in at " + at, head, inserted, rest);
            }
            case 4 -> {
                return mutant.then("doubled from " + at + " to " + end, head, piece, piece, tail);
            }
            case 5 -> {
                return mutant.then("removed from " + at + " to " + end, head, tail);
            }
            case 6 -> {
                int value = EXTREMES[random.nextInt(EXTREMES.length)];
                int number = random.nextBoolean() ? value : Integer.reverseBytes(value);
                byte[] written = {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
                int fits = Math.min(written.length, rest.length);
                byte[] behind = Arrays.copyOfRange(rest, fits, rest.length);
                return mutant.then("%08x at %d".formatted(number, at), head, Arrays.copyOf(written, fits), behind);
            }
            default -> {
                String word = WORDS[random.nextInt(WORDS.length)];
                return mutant.then("'" + word + "' put in at " + at, head, word.getBytes(StandardCharsets.UTF_8), rest);
            }
        }
    }
}

package dev.kindling.network;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The native BLAS of this machine, if there is one, if its products are right, and if {@link Kernels} are not faster.
 * It does the large dense products. {@link Kernels} do all others, and all products if there is no BLAS.
 *
 * <p>Some libraries are right on one thread and silently wrong on several, such as Debian's libopenblas0-serial under
 * two tasks. So a library has to multiply on several threads at once before it is used.
 */
public final class Blas {
    private static final int THREADS = 4;
    private static final int PRODUCTS = 50;
    /** The products of a {@link Layer} that are large enough, with odd sizes. */
    private static final int ROWS = 65;

    private static final int INPUTS = 401;
    private static final int UNITS = 51;
    /** The distance from a column of a matrix to the next: more than any matrix has rows. */
    private static final int STRIDE = INPUTS + 2;
    /** Where a matrix begins in its array. */
    private static final int OFFSET = 7;

    private Blas() {}

    /** Null where there is none that can be used. */
    static BLAS nativeBlas() {
        return !Kernels.INSTANCE.beatsNativeBlas() && Found.RIGHT ? Found.LIBRARY : null;
    }

    /** What computes the large dense products. Two machines on which this differs may differ in the last bits. */
    public static String name() {
        return nativeBlas() == null
                ? "no native BLAS"
                : "native BLAS (netlib " + nativeBlas().getClass().getSimpleName() + ")";
    }

    /** What computes the products, and what is wrong with a library that is not used, in words. */
    public static String description() {
        if (Kernels.INSTANCE.beatsNativeBlas()) {
            return Kernels.INSTANCE.description() + "; no native BLAS, which would be slower";
        }
        return Kernels.INSTANCE.description() + "; "
                + (Found.LIBRARY != null && !Found.RIGHT
                        ? "a native BLAS was found, but gives wrong products on several threads, so it is not used:"
                                + " install another, such as Debian's libopenblas0-pthread"
                        : name());
    }

    private static BLAS find() {
        if (!isThere()) {
            return null;
        }
        // netlib warns on stderr of each kind that it did not find; that is not needed, because the outcome is reported
        // anyway.
        Logger logger = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");
        logger.setLevel(Level.SEVERE);
        try {
            return NativeBLAS.getInstance();
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /**
     * Whether the library that netlib would load may be there. Where it is not, netlib's native part prints a line on stderr, which
     * nothing can turn off. What the loader of Linux knows by name is in its cache.
     */
    private static boolean isThere() {
        String path = System.getProperty("dev.ludovic.netlib.blas.nativeLibPath");
        if (path != null) {
            return Files.exists(Path.of(path));
        }
        Path cache = Path.of("/etc/ld.so.cache");
        if (System.getenv("LD_LIBRARY_PATH") != null || !Files.isReadable(cache)) {
            return true;
        }
        try {
            String name = System.getProperty("dev.ludovic.netlib.blas.nativeLib", "libblas.so.3");
            return Files.readString(cache, StandardCharsets.ISO_8859_1).contains(name);
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether a library multiplies right on several threads at once, read straight and transposed. */
    static boolean multipliesRight(BLAS blas) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Boolean>> checks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(thread);
                checks.add(threads.submit(() -> multipliesRight(blas, random)));
            }
            boolean right = true;
            for (Future<Boolean> check : checks) {
                right &= check.get();
            }
            return right;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            threads.shutdown();
        }
    }

    /** The three products of a layer: forward, the gradient of its weights, backward. */
    private static boolean multipliesRight(BLAS blas, Random random) {
        return multipliesRight(blas, random, "N", "N", UNITS, ROWS, INPUTS, 1)
                && multipliesRight(blas, random, "N", "T", UNITS, INPUTS, ROWS, 0)
                && multipliesRight(blas, random, "T", "N", INPUTS, ROWS, UNITS, 0);
    }

    /**
     * C = A B + beta C, column-major. The numbers are small and whole, so that every order of adding gives the same
     * float, and the product is either right or wrong.
     */
    private static boolean multipliesRight(
            BLAS blas, Random random, String howA, String howB, int m, int n, int k, float beta) {
        float[] a = wholeNumbers(random);
        float[] b = wholeNumbers(random);
        float[] c = wholeNumbers(random);
        float[] expected = c.clone();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = beta * c[at(i, j)];
                for (int inner = 0; inner < k; inner++) {
                    float left = a[howA.equals("N") ? at(i, inner) : at(inner, i)];
                    float right = b[howB.equals("N") ? at(inner, j) : at(j, inner)];
                    sum += left * right;
                }
                expected[at(i, j)] = sum;
            }
        }
        for (int product = 0; product < PRODUCTS; product++) {
            float[] found = c.clone();
            blas.sgemm(howA, howB, m, n, k, 1f, a, OFFSET, STRIDE, b, OFFSET, STRIDE, beta, found, OFFSET, STRIDE);
            if (!Arrays.equals(found, expected)) {
                return false;
            }
        }
        return true;
    }

    private static int at(int row, int column) {
        return OFFSET + column * STRIDE + row;
    }

    private static float[] wholeNumbers(Random random) {
        float[] numbers = new float[OFFSET + STRIDE * STRIDE];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = random.nextInt(17) - 8;
        }
        return numbers;
    }

    /**
     * A class of its own: the threads of the check need {@link Blas} to be initialised, and inside it they would wait
     * for ever.
     */
    private static final class Found {
        static final BLAS LIBRARY = find();
        static final boolean RIGHT = LIBRARY != null && multipliesRight(LIBRARY);
    }
}

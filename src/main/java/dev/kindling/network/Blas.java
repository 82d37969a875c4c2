package dev.kindling.network;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
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
 * The native BLAS of this machine, if there is one, it calculates right, and {@link Kernels} are not faster anyway. Large
 * dense products go there; all others, and all where there is none, are the work of {@link Kernels}.
 *
 * <p>There are libraries that work on one thread and are silently wrong on several, such as Debian's
 * libopenblas0-serial under two tasks. So the one found has to multiply on several threads at once before it is used.
 */
public final class Blas {
    private static final int THREADS = 4;
    private static final int PRODUCTS = 50;
    private static final int SIZE = 96;

    private Blas() {}

    /** Null where there is none that can be used. */
    static BLAS nativeBlas() {
        return !Kernels.INSTANCE.beatsNativeBlas() && Found.RIGHT ? Found.LIBRARY : null;
    }

    /** What large dense products are done with; two machines on which this differs may differ in the last bits. */
    public static String name() {
        return nativeBlas() == null
                ? "no native BLAS"
                : "native BLAS (netlib " + nativeBlas().getClass().getSimpleName() + ")";
    }

    /** What all products are done with, and what is wrong with a library that is not used, for people. */
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
        // netlib warns on stderr of each kind that it did not find; that is no news, as the outcome is reported anyway.
        Logger logger = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");
        logger.setLevel(Level.SEVERE);
        try {
            return NativeBLAS.getInstance();
        } catch (RuntimeException | LinkageError e) {
            return null;
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

    /** Small whole numbers, so that every order of adding gives the same float and the product is right or wrong. */
    private static boolean multipliesRight(BLAS blas, Random random) {
        float[] a = new float[SIZE * SIZE];
        float[] b = new float[SIZE * SIZE];
        for (int k = 0; k < a.length; k++) {
            a[k] = random.nextInt(17) - 8;
            b[k] = random.nextInt(17) - 8;
        }
        for (String how : new String[] {"NN", "NT", "TN"}) {
            String howA = how.substring(0, 1);
            String howB = how.substring(1);
            float[] expected = product(a, howA, b, howB);
            for (int product = 0; product < PRODUCTS; product++) {
                float[] c = new float[SIZE * SIZE];
                blas.sgemm(howA, howB, SIZE, SIZE, SIZE, 1f, a, 0, SIZE, b, 0, SIZE, 0f, c, 0, SIZE);
                if (!Arrays.equals(c, expected)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** C = A B, column-major, either of the two read as it is ("N") or transposed ("T"). */
    private static float[] product(float[] a, String howA, float[] b, String howB) {
        float[] c = new float[SIZE * SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                for (int k = 0; k < SIZE; k++) {
                    float left = a[howA.equals("N") ? k * SIZE + i : i * SIZE + k];
                    float right = b[howB.equals("N") ? j * SIZE + k : k * SIZE + j];
                    c[j * SIZE + i] += left * right;
                }
            }
        }
        return c;
    }

    /** On its own, because the threads of the check need {@link Blas} to be initialised, and would wait for it for ever. */
    private static final class Found {
        static final BLAS LIBRARY = find();
        static final boolean RIGHT = LIBRARY != null && multipliesRight(LIBRARY);
    }
}

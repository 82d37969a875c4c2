import com.sun.management.ThreadMXBean;
import dev.kindling.Predictor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** Predicts images in a JVM that has Kindling's jar alone, in four ways, and prints what came out. */
public final class JarAlone {
    private static final int PIXELS = 784;
    private static final int HEADER = 16;
    private static final int CLASSES = 10;

    private JarAlone() {}

    /** Arguments: a model, and images as a gzipped IDX file. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        Predictor predictor = Predictor.load(Path.of(arguments[0]));
        byte[] images;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of(arguments[1])))) {
            images = in.readAllBytes();
        }
        float[] floats = new float[images.length - HEADER];
        double[] doubles = new double[floats.length];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (images[HEADER + k] & 0xff) / 255f;
            doubles[k] = floats[k];
        }
        for (int together : new int[] {1, 256}) {
            print(probabilities(predictor, together, floats, null));
            print(probabilities(predictor, together, null, doubles));
        }
        System.out.println("garbage " + garbage(predictor, Arrays.copyOf(floats, PIXELS)));
    }

    private static float[] probabilities(Predictor predictor, int together, float[] floats, double[] doubles) {
        int rows = (floats == null ? doubles.length : floats.length) / PIXELS;
        float[] all = new float[rows * CLASSES];
        for (int first = 0; first < rows; first += together) {
            int count = Math.min(together, rows - first);
            int from = first * PIXELS;
            int to = from + count * PIXELS;
            float[] part = new float[count * CLASSES];
            if (floats != null) {
                predictor.probabilities(count, Arrays.copyOfRange(floats, from, to), part);
            } else {
                predictor.probabilities(count, Arrays.copyOfRange(doubles, from, to), part);
            }
            System.arraycopy(part, 0, all, first * CLASSES, part.length);
        }
        return all;
    }

    private static void print(float... probabilities) throws GeneralSecurityException {
        ByteBuffer bytes = ByteBuffer.allocate(probabilities.length * Float.BYTES);
        bytes.asFloatBuffer().put(probabilities);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
        System.out.println(HexFormat.of().formatHex(digest));
    }

    /** The bytes that the thread makes in 1,000 rows, once all is warm. */
    private static long garbage(Predictor predictor, float[] row) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        float[] probabilities = new float[CLASSES];
        long garbage = Long.MAX_VALUE;
        for (int round = 0; round < 1_000 && garbage > 0; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int call = 0; call < 1_000; call++) {
                predictor.probabilities(1, row, probabilities);
                predictor.predict(row);
            }
            garbage = threads.getThreadAllocatedBytes(thread) - before;
        }
        return garbage;
    }
}

package dev.kindling.benchmarks.kernels;

import dev.kindling.network.ExactSum;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Adding one gradient of 784-10-10 to a sum: what order-free addition costs beside that of floats. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExactSumBenchmark {
    private static final int LENGTH = 7_960;
    private static final int ROWS = 256;

    /**
     * block: a block's gradient to an exact sum; java: the same without the Vector API; sum: an exact sum to another;
     * float: floats to floats. Not named as the parameter of {@link GradientBenchmark}, for which run.sh may leave one out.
     */
    @Param({"block", "java", "sum", "float"})
    public String adding;

    private final float[] gradient = new float[LENGTH];
    private final float[] floats = new float[LENGTH];
    private ExactSum total;
    private ExactSum other;

    /** JMH gives each implementation a JVM of its own, so what is set here comes before the class that reads it. */
    @Setup
    public void prepare() {
        System.setProperty("kindling.kernels", adding.equals("java") ? "java" : "");
        total = new ExactSum(LENGTH, 60_000);
        other = new ExactSum(LENGTH, 60_000);
        Random random = new Random(1);
        for (int k = 0; k < LENGTH; k++) {
            gradient[k] = random.nextFloat() - 0.5f;
        }
        other.add(gradient, ROWS);
    }

    @Benchmark
    public Object add() {
        switch (adding) {
            case "block", "java" -> total.add(gradient, ROWS);
            case "sum" -> total.add(other);
            default -> {
                for (int k = 0; k < LENGTH; k++) {
                    floats[k] += gradient[k];
                }
            }
        }
        return total;
    }
}

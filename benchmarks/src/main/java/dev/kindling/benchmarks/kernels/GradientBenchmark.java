package dev.kindling.benchmarks.kernels;

import dev.kindling.benchmarks.DenseGradient;
import dev.kindling.benchmarks.Mnist;
import dev.kindling.benchmarks.NativePeer;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.util.List;
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

/** The gradient of a block of 256 images, block after block, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class GradientBenchmark {
    /**
     * kindling: as it is; java: the same without the Vector API; vectorblas and openblas: dense products by netlib,
     * the latter from the file that the system property {@code openblas} names.
     */
    @Param({"kindling", "java", "vectorblas", "openblas"})
    public String implementation;

    @Param({"784,10,10", "784,128,64,10"})
    public String layers;

    /** mnist: the training set; dense: with 0.1 added to every pixel, so that none is zero. */
    @Param({"mnist", "dense"})
    public String data;

    private List<Block> blocks;
    private float[] gradient;
    private int next;
    private BlockGradient kernel;

    /** JMH gives each combination a JVM of its own, so what is set here comes before the classes that read it. */
    @Setup
    public void prepare() {
        System.setProperty("kindling.kernels", implementation.equals("java") ? "java" : "");
        System.setProperty(
                NativePeer.LIBRARY, implementation.equals("openblas") ? System.getProperty("openblas") : "none");
        Architecture architecture = Architecture.parse(layers);
        float[] parameters = Initialisation.HE.draw(architecture, 1);
        blocks = Mnist.train(data.equals("dense") ? 0.1f : 0);
        gradient = new float[architecture.parameters()];
        if (implementation.endsWith("blas")) {
            DenseGradient dense = new DenseGradient(
                    implementation.equals("openblas") ? NativeBLAS.getInstance() : JavaBLAS.getInstance(),
                    blocks,
                    architecture,
                    parameters);
            kernel = b -> dense.add(0, b, gradient);
        } else {
            Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
            kernel = b -> network.gradient(blocks.get(b), gradient);
        }
    }

    @Benchmark
    public float[] block() {
        kernel.compute(next);
        next = (next + 1) % (blocks.size() - 1); // the last is short
        return gradient;
    }

    private interface BlockGradient {
        void compute(int block);
    }
}

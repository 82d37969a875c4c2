package dev.kindling.benchmarks;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.Split;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.training.Recipe;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.SparkSession;

/**
 * What is measured with a native BLAS, in a JVM of its own, as netlib finds one or not once and for all. {@link Peer} is
 * the other end.
 *
 * <pre>
 * gradient N             N times the gradient by dense products: the seconds of each
 * warmUp N               N steps in a new session: N
 * steps LAYERS SHIFT N   N of Kindling's steps: the first loss, then the seconds of each
 * </pre>
 */
public final class NativePeer {
    /** netlib's: the file of a native BLAS. */
    public static final String LIBRARY = "dev.ludovic.netlib.blas.nativeLibPath";

    private final SparkSession spark;
    private DenseGradient dense;
    private PackedRows packed;
    private String packedFor = "";

    private NativePeer(SparkSession spark) {
        this.spark = spark;
    }

    public static void main(String[] arguments) throws IOException {
        System.out.println("OpenBLAS: " + Path.of(System.getProperty(LIBRARY)).toRealPath()
                + ", one thread a task; Kindling where it is there: " + Blas.description());
        try (SparkSession spark = Kindling.session();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            NativePeer peer = new NativePeer(spark);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(
                        peer.answer(new Scanner(line)).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
            }
        }
    }

    private DoubleStream answer(Scanner command) {
        switch (command.next()) {
            case "gradient":
                return DoubleStream.generate(this::gradient).limit(command.nextInt());
            case "warmUp":
                int steps = command.nextInt();
                Kindling.warmUp(spark, steps);
                return DoubleStream.of(steps);
            default:
                return steps(command);
        }
    }

    private DoubleStream steps(Scanner command) {
        String layers = command.next();
        float shift = Float.parseFloat(command.next());
        Recipe recipe = Repository.recipe(
                "classic", "initialisation=he", "layers=" + layers, "iterations=" + command.nextInt());
        Kindling.Run run = Kindling.run(packed(shift, recipe), recipe);
        return DoubleStream.concat(DoubleStream.of(run.firstLoss()), DoubleStream.of(run.seconds()));
    }

    private PackedRows packed(float shift, Recipe recipe) {
        if (!packedFor.equals(shift + " " + recipe.layers())) {
            if (packed != null) {
                packed.close();
            }
            LabelledRows rows = Kindling.open(spark, Split.TRAIN);
            packed = Kindling.pack(shift == 0 ? rows : Kindling.plus(rows, shift), recipe, 2);
            packedFor = shift + " " + recipe.layers();
        }
        return packed;
    }

    private double gradient() {
        if (dense == null) {
            Architecture architecture = Architecture.parse("784,10,10");
            float[] parameters = Initialisation.UNIFORM.draw(architecture, 1);
            List<Block> blocks = Mnist.train();
            dense = new DenseGradient(NativeBLAS.getInstance(), blocks, architecture, parameters);
            check(blocks, architecture, parameters);
        }
        return dense.seconds();
    }

    /** Both sides must compute the same thing on two threads, to a thousandth. */
    private void check(List<Block> blocks, Architecture architecture, float[] parameters) {
        double[] expected = new double[architecture.parameters()];
        float[] gradient = new float[architecture.parameters()];
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        for (Block block : blocks) {
            network.gradient(block, gradient);
            for (int k = 0; k < gradient.length; k++) {
                expected[k] += gradient[k];
            }
        }
        float[][] found = new float[2][architecture.parameters()];
        TwoThreads.seconds(thread -> dense.half(thread, found[thread]));
        double difference = 0;
        double size = 0;
        for (int k = 0; k < expected.length; k++) {
            difference += Math.pow(found[0][k] + found[1][k] - expected[k], 2);
            size += Math.pow(expected[k], 2);
        }
        if (!(Math.sqrt(difference / size) < 1e-3)) {
            throw new IllegalStateException("the dense gradient differs by " + Math.sqrt(difference / size));
        }
    }
}

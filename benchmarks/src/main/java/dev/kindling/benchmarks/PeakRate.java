package dev.kindling.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The most float32 multiply-adds that this machine does in a second on two threads: nothing else, all in registers. */
final class PeakRate {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** A call is short, so that the compiler meets a method that it knows, not a loop that is running. */
    private static final int CALLS = 200;

    private static final int ROUNDS = 100_000;
    /** More than a CPU can have under way: 4 to 5 cycles, 2 a cycle. */
    private static final int CHAINS = 10;

    /** Shape (2): what each thread computed, so that it must. */
    private final float[] results = new float[2];

    double multiplyAddsPerSecond() {
        double seconds = TwoThreads.seconds(thread -> {
            for (int call = 0; call < CALLS; call++) {
                results[thread] += chains(0.999f, 0.001f);
            }
        });
        return 2.0 * CALLS * ROUNDS * CHAINS * SPECIES.length() / seconds;
    }

    private static float chains(float factor, float term) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        FloatVector t = FloatVector.broadcast(SPECIES, term);
        FloatVector a = t;
        FloatVector b = t;
        FloatVector c = t;
        FloatVector d = t;
        FloatVector e = t;
        FloatVector g = t;
        FloatVector h = t;
        FloatVector i = t;
        FloatVector j = t;
        FloatVector k = t;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(f, t);
            b = b.fma(f, t);
            c = c.fma(f, t);
            d = d.fma(f, t);
            e = e.fma(f, t);
            g = g.fma(f, t);
            h = h.fma(f, t);
            i = i.fma(f, t);
            j = j.fma(f, t);
            k = k.fma(f, t);
        }
        return a.add(b).add(c).add(d).add(e).add(g).add(h).add(i).add(j).add(k).reduceLanes(VectorOperators.ADD);
    }
}

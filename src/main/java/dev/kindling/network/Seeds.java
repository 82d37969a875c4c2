package dev.kindling.network;

/** Seeds from seeds: a number that looks random but is the same on every JVM, for every use of a run's seed. */
public final class Seeds {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Seeds() {}

    /**
     * Mixes a seed with numbers that say what it is for, such as a stratum and an epoch: SplitMix64's finaliser (Steele,
     * Lea and Flood, Fast splittable pseudorandom number generators, 2014), once for each number.
     */
    public static long mix(long seed, long... purposes) {
        long z = finalise(seed + GOLDEN_GAMMA);
        for (long purpose : purposes) {
            z = add(z, purpose);
        }
        return z;
    }

    /** Mixes one more number into a seed that has been mixed. */
    public static long add(long mixed, long purpose) {
        return finalise((mixed ^ purpose) + GOLDEN_GAMMA);
    }

    private static long finalise(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

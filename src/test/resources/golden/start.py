"""What a run starts with, drawn as the Java code draws it: java.util.Random and SplitMix64's finaliser."""
MASK = (1 << 64) - 1


def finalise(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def mix(seed, purpose):
    gamma = 0x9E3779B97F4A7C15
    z = finalise(seed + gamma & MASK)
    return finalise((z ^ purpose) + gamma & MASK)


def floats(seed, count):
    """java.util.Random(seed).nextFloat(), count times."""
    state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)
    for _ in range(count):
        state = (state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        yield (state >> 24) / (1 << 24)

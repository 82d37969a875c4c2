package dev.kindling.ml;

/**
 * A uid on its way through the constructors of Spark ML's classes: they build their params with {@code uid()} before a field of a
 * Java class can have been set.
 */
final class Uids {
    private static final ThreadLocal<String> HELD = new ThreadLocal<>();

    private Uids() {}

    /** A uid that is held. */
    record Held(String uid) {}

    /** Holds a uid until the object that is being constructed has it. To be called as an argument, and so before super(). */
    static Held hold(String uid) {
        HELD.set(uid);
        return new Held(uid);
    }

    /** The uid that is held. */
    static String held() {
        return HELD.get();
    }
}

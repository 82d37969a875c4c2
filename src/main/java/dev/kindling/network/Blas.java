package dev.kindling.network;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The BLAS that does the dense products: netlib's pick of a native library, the Vector API, or plain Java. */
public final class Blas {
    static final BLAS INSTANCE = pick();

    private Blas() {}

    /** What was picked, for people: "Vector API (netlib VectorBLAS)". */
    public static String description() {
        String name = INSTANCE.getClass().getSimpleName();
        String kind = INSTANCE instanceof NativeBLAS
                ? "native library"
                : name.equals("VectorBLAS") ? "Vector API" : "plain Java, slower: the Vector API is not there";
        return kind + " (netlib " + name + ")";
    }

    /** netlib warns on stderr of each kind that it did not find; that is no news, as the pick is reported anyway. */
    private static BLAS pick() {
        Logger logger = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");
        logger.setLevel(Level.SEVERE);
        return BLAS.getInstance();
    }
}

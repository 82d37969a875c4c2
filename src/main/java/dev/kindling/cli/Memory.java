package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.training.Recipe;
import dev.kindling.training.TrainingMemory;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;

/** Says which option gives more memory: before a run that cannot have enough, and after an OutOfMemoryError anywhere. */
final class Memory {
    private static final int MEBI = 1 << 20;
    private static final int GIBI = 1 << 30;
    /** What Spark leaves of a heap to itself. */
    private static final long RESERVED = 300L << 20;

    private Memory() {}

    /**
     * Refuses runs that do not fit the memory of the driver or of the executors, before any data is read.
     *
     * @param cores of all executors together
     * @param recipes of the runs that are trained side by side
     * @param partitions of the training set, or null if that is left to Kindling
     */
    static void require(SparkConf conf, int cores, List<Recipe> recipes, Integer partitions) {
        int tasks = partitions == null ? cores : Math.min(partitions, cores);
        TrainingMemory memory = TrainingMemory.of(recipes);
        String what = String.format(
                Locale.ROOT,
                "layers %s: %,d parameters%s, %d tasks a step: ",
                recipes.get(0).layers(),
                recipes.get(0).layers().parameters(),
                recipes.size() == 1 ? "" : " in each of " + recipes.size() + " candidates side by side",
                tasks);
        if ((long) recipes.size() * recipes.get(0).layers().parameters() > TrainingMemory.MOST_SENT) {
            throw new KindlingException(what + "expected at most " + TrainingMemory.MOST_SENT
                    + " parameters in all that is trained side by side: compare fewer candidates at a time");
        }
        boolean local = Sessions.isLocal(conf);
        long driver = TrainingMemory.SPARK + memory.driver() + (local ? tasks * memory.task() : 0);
        require(what, "a heap of the driver", Runtime.getRuntime().maxMemory(), driver, "--driver-memory %dg");
        if (!local) {
            long executor = TrainingMemory.SPARK + conf.getInt("spark.executor.cores", 1) * memory.task();
            long heap = MEBI * conf.getSizeAsMb("spark.executor.memory", "1g");
            require(what, "a heap of an executor", heap, executor, "--conf spark.executor.memory=%dg");
        }
    }

    /**
     * What to say when rows are on disk. Spark has six tenths of a heap for them and for what it sorts as they are packed, less
     * {@link #RESERVED}.
     *
     * @param inMemory bytes of the rows, on all executors
     * @param onDisk bytes of the rows, more than 0
     * @param executors how many there are, at least 1
     */
    static String shortOfIt(long inMemory, long onDisk, boolean local, int executors) {
        double each = 2 * (inMemory + onDisk) / 0.6 / executors + RESERVED;
        return String.format(
                Locale.ROOT,
                "%,d of %,d MiB of the packed rows are on disk, as memory is short, and steps wait for it: give"
                        + " more, for example with %s%dg before the command",
                onDisk / MEBI,
                (inMemory + onDisk) / MEBI,
                local ? "--driver-memory " : "--conf spark.executor.memory=",
                (long) Math.ceil(each / GIBI));
    }

    private static void require(String what, String where, long there, long needed, String option) {
        if (needed > there) {
            long mebi = needed / MEBI + 1;
            throw new KindlingException(String.format(
                    Locale.ROOT,
                    "%sfound %s of %,d MiB, expected %,d MiB or more: give it with " + option + " before the command",
                    what,
                    where,
                    there / MEBI,
                    mebi,
                    needed / GIBI + 1));
        }
    }

    /** Whether memory ran out: here, in a task, or in an executor, which ends with an exit code of its own then. */
    static boolean ranOut(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError
                    || String.valueOf(cause.getMessage())
                            .matches("(?s).*(java\\.lang\\.OutOfMemoryError|exited with code 52\\b).*")) {
                return true;
            }
        }
        return false;
    }

    /** What to say when it did. */
    static KindlingException explain(Throwable error, boolean local) {
        return new KindlingException(
                local || isOfTheDriver(error)
                        ? "out of memory with a heap of " + Runtime.getRuntime().maxMemory() / MEBI
                                + " MiB: give more, for example with --driver-memory 4g before the command"
                        : "out of memory on an executor: give more, for example with --conf spark.executor.memory=4g before"
                                + " the command",
                error);
    }

    /** What a task or an executor has thrown is told by the job that it ended. */
    private static boolean isOfTheDriver(Throwable error) {
        return !String.valueOf(error.getMessage()).startsWith("Job aborted")
                || String.valueOf(error.getMessage()).contains("serialization failed");
    }
}

package dev.kindling.training;

import org.apache.spark.SparkContext;

/**
 * What a thread says of the Spark jobs that it starts: their description, and the mark of a step. Spark keeps both until the thread
 * changes them, so whoever sets one for a caller puts back what was there, or the caller's own jobs carry it from then on.
 *
 * @param description as Spark's pages show it; null for none
 * @param step the mark of a step; null for none
 */
public record JobProperties(SparkContext context, String description, String step) {
    private static final String DESCRIPTION = "spark.job.description";

    /** Those of the current thread. */
    public static JobProperties of(SparkContext context) {
        return new JobProperties(
                context, context.getLocalProperty(DESCRIPTION), context.getLocalProperty(Trainer.STEP));
    }

    /** Gives them to the jobs that the current thread starts from here on. */
    public void set() {
        context.setLocalProperty(DESCRIPTION, description);
        context.setLocalProperty(Trainer.STEP, step);
    }
}

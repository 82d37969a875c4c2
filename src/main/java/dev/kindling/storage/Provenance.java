package dev.kindling.storage;

import java.time.Instant;
import java.util.Map;

/**
 * Where parameters come from. Imported parameters have no recipe, no rows and no steps, and their loss and accuracy are
 * NaN.
 *
 * @param recipe every setting of the run, by its name in recipe files
 * @param data where the training rows were read
 * @param rows how many there were, validation rows included
 * @param fingerprint depends on every training row's id, label and features
 * @param steps the steps that led to the parameters: fewer than the run took if an earlier evaluation was the best
 * @param loss mean cross-entropy over the training set under the parameters, in nats
 * @param accuracy the share of the training set predicted right, 0 to 1
 * @param validationRows how many rows were held out of the training set to be evaluated; 0 for none
 * @param validationLoss mean cross-entropy over those; NaN for none
 * @param validationAccuracy the share of those predicted right; NaN for none
 * @param environment what they were made with
 * @param exchange how parameters and sums went to and fro, which changes no bit of the result: "job" or "round"; empty for
 *     parameters that another program made, and for models of older versions
 * @param time when training ended
 */
public record Provenance(
        Map<String, String> recipe,
        String data,
        long rows,
        String fingerprint,
        int steps,
        double loss,
        double accuracy,
        long validationRows,
        double validationLoss,
        double validationAccuracy,
        Environment environment,
        String exchange,
        Instant time) {
    /**
     * Of parameters that another program made.
     *
     * @param file they were read from
     * @param spark the version of Spark
     */
    public static Provenance imported(String file, String spark) {
        double unknown = Double.NaN;
        return new Provenance(
                Map.of(),
                file,
                0,
                "",
                0,
                unknown,
                unknown,
                0,
                unknown,
                unknown,
                Environment.ofImport(spark),
                "",
                Instant.now());
    }
}

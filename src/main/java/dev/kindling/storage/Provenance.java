package dev.kindling.storage;

import java.time.Instant;
import java.util.Map;

/**
 * Where parameters come from. Of those that were imported little is known: no recipe, no rows, no steps, and a loss and
 * accuracy that are NaN.
 *
 * @param recipe every setting of the run, by the name of its option
 * @param data where the training rows were read
 * @param rows how many there were, validation rows included
 * @param fingerprint depends on every training row's id, label and features
 * @param steps the steps that the parameters have seen: fewer than were taken where an earlier evaluation was the best
 * @param loss mean cross-entropy over the training set under the parameters, in nats
 * @param accuracy the share of the training set predicted right, 0 to 1
 * @param validationRows how many rows were held out of the training set to be evaluated; 0 for none
 * @param validationLoss mean cross-entropy over those; NaN for none
 * @param validationAccuracy the share of those predicted right; NaN for none
 * @param kindling the version of Kindling
 * @param spark the version of Spark
 * @param jvm the Java virtual machine and its version
 * @param blas what did the products
 * @param cpu the kind of processor of the driver; not known, and empty, before version 0.2.0
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
        String kindling,
        String spark,
        String jvm,
        String blas,
        String cpu,
        Instant time) {
    /** Of parameters that another program made. */
    public static Provenance imported(String file, String kindling, String spark) {
        return new Provenance(
                Map.of(),
                file,
                0,
                "",
                0,
                Double.NaN,
                Double.NaN,
                0,
                Double.NaN,
                Double.NaN,
                kindling,
                spark,
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                "",
                "",
                Instant.now());
    }
}

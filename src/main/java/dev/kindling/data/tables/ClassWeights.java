package dev.kindling.data.tables;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.Labels;
import java.util.Map;
import java.util.TreeMap;

/**
 * A factor for the weight of each row, by its class.
 *
 * @param isBalanced whether the rows of each class are to weigh as much together as those of any other
 * @param given else the factor of some classes, by the text of their labels; that of the others is 1
 */
public record ClassWeights(boolean isBalanced, Map<String, Double> given) {
    /** Each row has the weight that it comes with. */
    public static final ClassWeights NONE = new ClassWeights(false, Map.of());

    /** Each class has the same weight. */
    public static final ClassWeights BALANCED = new ClassWeights(true, Map.of());

    /** @throws KindlingException if a factor is negative or not finite */
    public ClassWeights {
        given = Map.copyOf(given);
        new TreeMap<>(given).forEach((label, factor) -> {
            if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
                throw new KindlingException(setting("class-weights") + ": found " + factor + " for " + label
                        + ", expected a finite number, 0 or more");
            }
        });
    }

    /**
     * The factor of each class.
     *
     * @param sums of the weights of the rows of each
     * @return shape (classes)
     * @throws KindlingException if one is given for a label that there is not
     */
    double[] factors(Labels labels, ColumnSums sums) {
        for (String label : new TreeMap<>(given).keySet()) {
            if (!labels.values().contains(label)) {
                throw new KindlingException(setting("class-weights") + ": found label '" + label
                        + "', expected one of column " + labels.column() + ": "
                        + String.join(
                                ", ",
                                labels.values()
                                        .subList(0, Math.min(20, labels.values().size()))));
            }
        }
        double[] factors = new double[labels.values().size()];
        for (int k = 0; k < factors.length; k++) {
            double all = sums.weight(k) * factors.length;
            double balanced = all > 0 ? sums.weight() / all : 1;
            factors[k] =
                    isBalanced ? balanced : given.getOrDefault(labels.values().get(k), 1.0);
        }
        return factors;
    }
}

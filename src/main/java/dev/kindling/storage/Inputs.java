package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Standardisation;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What goes into a model: columns of a DataFrame, as they are there.
 *
 * @param form how columns give features
 * @param columns their names: one for each input, or of the other forms one for all
 * @param standardisation what is done with them before the network sees them
 */
public record Inputs(FeatureForm form, List<String> columns, Standardisation standardisation) implements Serializable {
    /** The largest pixel. */
    public static final int LEVELS = 255;

    /** @throws KindlingException if there are not as many columns as the form needs */
    public Inputs {
        columns = List.copyOf(columns);
        int expected = form == FeatureForm.COLUMNS ? standardisation.inputs() : 1;
        if (columns.size() != expected) {
            throw new KindlingException("found " + columns.size() + " columns for " + standardisation.inputs()
                    + " inputs of form " + form + ", expected " + expected);
        }
    }

    /** The number of inputs. */
    public int count() {
        return standardisation.inputs();
    }

    /** The name of an input: that of its column, and of forms of one column with its place. */
    public String name(int input) {
        return form.name(columns, input);
    }

    /** Whether they are pixels, which are divided by {@value #LEVELS}. Other columns are never all standardised like that. */
    public boolean arePixels() {
        return Arrays.stream(standardisation.shift()).allMatch(shift -> shift == 0)
                && Arrays.stream(standardisation.deviation()).allMatch(deviation -> deviation == LEVELS);
    }
}

package dev.kindling.storage;

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

    public Inputs {
        columns = List.copyOf(columns);
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

package dev.kindling;

import dev.kindling.data.tables.ClassWeights;
import dev.kindling.data.tables.Missing;
import dev.kindling.data.tables.TableSpec;
import dev.kindling.storage.Model;
import dev.kindling.training.RecipeBuilder;
import dev.kindling.training.StepListener;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an estimator is told.
 *
 * @param hiddenLayers the units of each; empty for what suits the data
 * @param settings what is changed in the recipe that suits the data
 * @param start the model that training begins with; empty if its parameters are drawn
 */
record Configuration(
        TableSpec columns,
        ClassWeights classWeights,
        Optional<List<Integer>> hiddenLayers,
        UnaryOperator<RecipeBuilder> settings,
        StepListener listener,
        String source,
        Optional<Model> start) {

    static final Configuration DEFAULT = new Configuration(
            new TableSpec(List.of(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Missing.ERROR),
            ClassWeights.NONE,
            Optional.empty(),
            recipe -> recipe,
            step -> {},
            "the DataFrame",
            Optional.empty());

    Configuration with(TableSpec other) {
        return new Configuration(other, classWeights, hiddenLayers, settings, listener, source, start);
    }

    Configuration with(ClassWeights other) {
        return new Configuration(columns, other, hiddenLayers, settings, listener, source, start);
    }

    Configuration withHiddenLayers(List<Integer> units) {
        return new Configuration(columns, classWeights, Optional.of(units), settings, listener, source, start);
    }

    /** With one more change of the recipe, after those before. */
    Configuration withChange(UnaryOperator<RecipeBuilder> change) {
        return new Configuration(
                columns,
                classWeights,
                hiddenLayers,
                recipe -> change.apply(settings.apply(recipe)),
                listener,
                source,
                start);
    }

    Configuration withListener(StepListener other) {
        return new Configuration(columns, classWeights, hiddenLayers, settings, other, source, start);
    }

    Configuration withSource(String other) {
        return new Configuration(columns, classWeights, hiddenLayers, settings, listener, other, start);
    }

    Configuration withStart(Model model) {
        return new Configuration(columns, classWeights, hiddenLayers, settings, listener, source, Optional.of(model));
    }
}

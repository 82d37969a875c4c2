package dev.kindling;

import dev.kindling.data.tables.ClassWeights;
import dev.kindling.data.tables.TableSpec;
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
 * @param source what the rows are called
 * @param run what the run is called; empty for the name of the rows
 * @param start what training begins with
 * @param checkpoints where and how often the run is saved before its end; empty for never
 */
record Configuration(
        TableSpec columns,
        ClassWeights classWeights,
        Optional<List<Integer>> hiddenLayers,
        UnaryOperator<RecipeBuilder> settings,
        StepListener listener,
        String source,
        String run,
        Start start,
        Optional<Saving> checkpoints) {

    /**
     * Where a run is saved before its end.
     *
     * @param every the steps from one checkpoint to the next
     */
    record Saving(String directory, int every) {}

    static final Configuration DEFAULT = new Configuration(
            TableSpec.ALL,
            ClassWeights.NONE,
            Optional.empty(),
            recipe -> recipe,
            step -> {},
            "the DataFrame",
            "",
            Start.DRAWN,
            Optional.empty());

    Configuration with(TableSpec other) {
        return new Configuration(
                other, classWeights, hiddenLayers, settings, listener, source, run, start, checkpoints);
    }

    Configuration with(ClassWeights other) {
        return new Configuration(columns, other, hiddenLayers, settings, listener, source, run, start, checkpoints);
    }

    Configuration withHiddenLayers(List<Integer> units) {
        return new Configuration(
                columns, classWeights, Optional.of(units), settings, listener, source, run, start, checkpoints);
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
                run,
                start,
                checkpoints);
    }

    Configuration withListener(StepListener other) {
        return new Configuration(columns, classWeights, hiddenLayers, settings, other, source, run, start, checkpoints);
    }

    Configuration withSource(String other) {
        return new Configuration(
                columns, classWeights, hiddenLayers, settings, listener, other, run, start, checkpoints);
    }

    Configuration withRun(String other) {
        return new Configuration(
                columns, classWeights, hiddenLayers, settings, listener, source, other, start, checkpoints);
    }

    Configuration with(Start other) {
        return new Configuration(
                columns, classWeights, hiddenLayers, settings, listener, source, run, other, checkpoints);
    }

    Configuration with(Saving other) {
        return new Configuration(
                columns, classWeights, hiddenLayers, settings, listener, source, run, start, Optional.of(other));
    }
}

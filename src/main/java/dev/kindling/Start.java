package dev.kindling;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Model;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import java.util.Optional;

/**
 * What training begins with: a model, parameters, or neither, and then they are drawn.
 *
 * @param parameters the flat array
 */
record Start(Optional<Model> model, Optional<float[]> parameters) {
    static final Start DRAWN = new Start(Optional.empty(), Optional.empty());

    static Start with(Model model) {
        return new Start(Optional.of(model), Optional.of(model.parameters()));
    }

    static Start with(float... parameters) {
        return new Start(Optional.empty(), Optional.of(parameters.clone()));
    }

    /** Names it in a recipe; empty if parameters are drawn. */
    String digest() {
        return model.map(Model::digest).or(() -> parameters.map(Model::digest)).orElse("");
    }

    /** A run before its first step. */
    Run begin(Recipe recipe, PackedRows packed) {
        parameters.ifPresent(given -> {
            if (given.length != recipe.layers().parameters()) {
                throw new KindlingException(setting("initial-parameters") + ": found " + given.length + ", expected "
                        + recipe.layers().parameters() + " for layers " + recipe.layers());
            }
        });
        return parameters.map(given -> Run.from(recipe, packed, given)).orElseGet(() -> new Run(recipe, packed));
    }
}

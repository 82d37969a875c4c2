package dev.kindling.benchmarks;

import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import java.nio.file.Path;

/** What the benchmarks take from the repository they are part of. run.sh starts them in its root. */
final class Repository {
    private Repository() {}

    static Path path(String name) {
        return Path.of(name);
    }

    /**
     * A recipe of conf/.
     *
     * @param name such as {@code classic}; what it does not say is as in default.properties
     * @param changes settings that win, such as {@code iterations=20}
     */
    static Recipe recipe(String name, String... changes) {
        RecipeBuilder builder = Recipe.builder().file(path("conf/" + name + ".properties"));
        for (String change : changes) {
            builder.set(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        }
        return builder.build();
    }
}

package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.ShiftedCopies;
import dev.kindling.network.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each setting of a recipe, and each use of its seed, has its part in what training comes to. */
class SettingsTest {
    /** Each differs from the base in the setting that is tried, and from the defaults where those would not show it. */
    private static final Recipe BASE = Recipe.builder()
            .layers(16, 6, 4)
            .learningRate(0.05)
            .warmup(3)
            .iterations(8)
            .batchSize(256)
            .seed(7)
            .build();

    /** Labels are random, so the loss of rows held out soon grows, and patience ends the run. */
    private static final String PATIENT =
            "validation-fraction=0.3 iterations=200 validate-every=3 patience=4 learning-rate=0.2";

    /** Ten lines and more. */
    private static final String LINES = "optimizer=lbfgs batch-size=full iterations=60";

    /** What was trained already: the parameters, and how many steps were taken. */
    private static final Map<Recipe, List<Object>> TRAINED = new ConcurrentHashMap<>();

    /** A setting, another value for it, and what else is set in both recipes, because it has no effect without. */
    static Stream<List<String>> settings() {
        return Stream.of(
                List.of("layers", "16,5,4", ""),
                List.of("inputs", "raw", ""),
                List.of("initialisation", "uniform", ""),
                List.of("optimizer", "gd", ""),
                List.of("learning-rate", "0.04", ""),
                List.of("schedule", "constant", ""),
                List.of("warmup", "2", ""),
                List.of("iterations", "7", "schedule=constant"),
                List.of("batch-size", "512", ""),
                List.of("momentum", "0.5", "optimizer=momentum"),
                List.of("beta1", "0.5", "optimizer=adam"),
                List.of("beta2", "0.5", "optimizer=adam"),
                List.of("tolerance", "0.3", LINES),
                List.of("weight-decay", "0", ""),
                List.of("weight-decay", "0.5", LINES),
                List.of("repeat", "2", ""),
                List.of("validation-fraction", "0.5", PATIENT),
                List.of("validate-every", "2", PATIENT),
                List.of("patience", "1", PATIENT),
                List.of("seed", "8", ""));
    }

    private static LabelledRows squares() {
        LabelledRows rows = Rows.random(1);
        return new LabelledRows(
                rows.rows().selectExpr("id", "label", "slice(features, 1, 16) as features"),
                rows.count(),
                16,
                rows.source());
    }

    private static PackedRows pack(Recipe recipe) {
        return PackedRows.pack(
                ShiftedCopies.of(squares(), recipe.repeat(), recipe.seed()),
                recipe.layers(),
                2,
                recipe.seed(),
                recipe.validation().validationFraction());
    }

    private static List<Object> trained(Recipe recipe) {
        return TRAINED.computeIfAbsent(recipe, anew -> {
            try (PackedRows packed = pack(anew)) {
                return outcome(packed, anew, new Run(anew, packed));
            }
        });
    }

    private static List<Object> outcome(PackedRows packed, Recipe recipe, Run run) {
        Trainer trainer = new Trainer(packed, recipe, step -> {});
        trainer.train(run, () -> false);
        Trained trained = trainer.result(run);
        List<Object> outcome = new ArrayList<>(List.of(trained.taken()));
        for (float parameter : trained.parameters()) {
            outcome.add(parameter);
        }
        return outcome;
    }

    private static Recipe recipe(String settings, String... more) {
        RecipeBuilder builder = BASE.toBuilder();
        for (String setting : settings.isEmpty() ? new String[0] : settings.split(" ", -1)) {
            int equals = setting.indexOf('=');
            builder.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        if (more.length > 0) {
            builder.set(more[0], more[1]);
        }
        return builder.build();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void anotherValueOfASettingGivesAnotherResult(List<String> tried) {
        Recipe recipe = recipe(tried.get(2));
        assertThat(recipe.settings().get(tried.get(0))).isNotEqualTo(tried.get(1));
        assertThat(trained(recipe(tried.get(2), tried.get(0), tried.get(1)))).isNotEqualTo(trained(recipe));
    }

    @Test
    void noSettingIsLeftOut() {
        Set<String> names = new TreeSet<>(BASE.settings().keySet());
        names.remove("output"); // it is of rows of another kind: RegressionRunTest
        assertThat(settings().map(tried -> tried.get(0)).distinct()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void theSeedDrawsTheFirstParameters() {
        Architecture layers = BASE.layers();
        try (PackedRows packed = PackedRows.pack(squares(), layers, 2, 1)) {
            assertThat(new Run(BASE, packed).parameters())
                    .isEqualTo(new Run(BASE, packed).parameters())
                    .isNotEqualTo(new Run(recipe("seed=8"), packed).parameters());
        }
    }

    /** The same start and the same blocks: only which of them a step reads is another. */
    @Test
    void theSeedDrawsTheBatches() {
        try (PackedRows packed = PackedRows.pack(squares(), BASE.layers(), 2, 1)) {
            List<Object> seven = outcome(packed, BASE, new Run(BASE, packed));
            assertThat(outcome(packed, BASE, new Run(BASE, packed))).isEqualTo(seven);
            assertThat(outcome(packed, recipe("seed=8"), new Run(BASE, packed))).isNotEqualTo(seven);
        }
    }

    /** The same start and the same batches: only which rows a block holds is another. */
    @Test
    void theSeedDrawsTheRowsOfABlock() {
        try (PackedRows one = PackedRows.pack(squares(), BASE.layers(), 2, 1);
                PackedRows two = PackedRows.pack(squares(), BASE.layers(), 2, 2)) {
            assertThat(outcome(one, BASE, new Run(BASE, one))).isNotEqualTo(outcome(two, BASE, new Run(BASE, two)));
        }
    }
}

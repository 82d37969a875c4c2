package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    /** None of its values is the default. */
    private static final Recipe OTHER = Recipe.builder()
            .layers(4, 3, 2)
            .output(Output.IDENTITY)
            .inputs(Recipe.Inputs.RAW)
            .initialisation(Initialisation.UNIFORM)
            .optimizer(Recipe.OptimizerKind.MOMENTUM)
            .learningRate(0.1 + 0.2)
            .schedule(Schedule.CONSTANT)
            .warmup(3)
            .iterations(77)
            .batchSize(512)
            .momentum(0.5)
            .beta1(0.25)
            .beta2(0.125)
            .tolerance(0.001)
            .weightDecay(0.01)
            .validationFraction(0.3)
            .validateEvery(7)
            .patience(2)
            .seed(-5)
            .build();

    @TempDir
    private Path temporary;

    @Test
    void theBuilderBeginsWithTheShippedRecipe() {
        Map<String, String> settings = Recipe.builder().build().settings();
        assertThat(settings.remove("output")).isEqualTo("softmax");
        settings.replaceAll((name, value) -> value.replaceFirst("\\.0$", "")); // 0.0 is 0 in the file
        assertThat(settings).isEqualTo(RecipeFile.defaults());
    }

    @Test
    void everySettingIsTheOneThatWasSet() {
        assertThat(OTHER)
                .isEqualTo(new Recipe(
                        Architecture.parse("4,3,2").withOutput(Output.IDENTITY),
                        Recipe.Inputs.RAW,
                        Initialisation.UNIFORM,
                        Recipe.OptimizerKind.MOMENTUM,
                        0.1 + 0.2,
                        Schedule.CONSTANT,
                        3,
                        77,
                        512,
                        0.5,
                        0.25,
                        0.125,
                        0.001,
                        0.01,
                        1,
                        new Recipe.Validation(0.3, 7, 2),
                        -5,
                        ""));
        assertThat(Recipe.builder().repeat(4).build().repeat()).isEqualTo(4);
    }

    @Test
    void theModelToBeginWithIsASettingOfNoFile() {
        Recipe recipe = Recipe.builder().from("c0ffee").build();
        assertThat(recipe.settings()).containsEntry("from", "c0ffee");
        assertThat(recipe.toBuilder().build()).isEqualTo(recipe);
        assertThat(OTHER.settings()).doesNotContainKey("from");
        assertThatThrownBy(() -> Recipe.builder().set("from", "c0ffee"))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("found 'from', expected names of settings");
    }

    @Test
    void aRecipeComesBackFromItsBuilderAndFromAFile() throws IOException {
        assertThat(OTHER.toBuilder().build()).isEqualTo(OTHER);
        Path file = temporary.resolve("recipe.properties");
        Files.write(
                file,
                OTHER.settings().entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
        assertThat(Recipe.builder().file(file).build()).isEqualTo(OTHER);
    }

    @Test
    void aSettingYoungerThanACheckpointHasItsDefaultThere() {
        Recipe recipe = Recipe.builder().iterations(7).build();
        Map<String, String> older = recipe.settings();
        older.remove("weight-decay");
        older.remove("repeat");
        older.remove("output");
        recipe.requireSame(older, "place");
        assertThat(recipe.isSame(older)).isTrue();
        assertThat(recipe.toBuilder().repeat(2).build().isSame(older)).isFalse();
        assertThatThrownBy(() -> recipe.toBuilder().repeat(2).build().requireSame(older, "place"))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("of another recipe, repeat 1 there, 2 here; expected");
        assertThatThrownBy(
                        () -> recipe.toBuilder().output(Output.IDENTITY).build().requireSame(older, "place"))
                .hasMessageContaining("of another recipe, output softmax there, identity here; expected");
        older.remove("iterations");
        assertThatThrownBy(() -> recipe.requireSame(older, "place"))
                .hasMessageContaining("iterations 4000 there, 7 here");
    }

    @Test
    void aCopyGoesItsOwnWay() {
        RecipeBuilder builder = OTHER.toBuilder();
        builder.copy().seed(9);
        assertThat(builder.build()).isEqualTo(OTHER);
    }

    @Test
    void allRowsAreFullInAFile() throws IOException {
        assertThat(Recipe.builder().batchSize(Recipe.FULL_BATCH).build().settings())
                .containsEntry("batch-size", "full");
        Path file = Files.writeString(temporary.resolve("recipe.properties"), "batch-size=full");
        assertThat(Recipe.builder().file(file).build().batchSize()).isEqualTo(Recipe.FULL_BATCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learning-rate=fast | learningRate: found 'fast', expected a number",
                "learning-rate=-1   | learningRate: found -1.0, expected a number above 0",
                "iterations=1.5     | iterations: found '1.5', expected a whole number",
                "seed=one           | seed: found 'one', expected a whole number",
                "output=relu        | output: found 'relu', expected softmax or identity",
                "optimizer=sgd      | optimizer: found 'sgd', expected gd or momentum or adam",
                "tolerance=-0.5     | tolerance: found -0.5, expected a number, 0 or more",
                "tolerance=Infinity | tolerance: found Infinity, expected a number, 0 or more",
                "patience=3         | patience: found 3, expected 0 or more, and 0 without a validationFraction",
                "repeat=2\\nvalidation-fraction=0.1 | repeat: found 2, expected 1 with a validationFraction",
                "learning-rat=1     | recipe.properties: found 'learning-rat', expected names of settings: batch-size, beta1",
                "a\\u12=1           | recipe.properties: cannot be read: IllegalArgumentException Malformed",
            })
    void aWrongFileIsRefusedByNameOfTheSetting(String text, String message) throws IOException {
        Path file = Files.writeString(temporary.resolve("recipe.properties"), text.replace("\\n", "\n"));
        assertThatThrownBy(() -> Recipe.builder().file(file).build())
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining(message);
    }
}

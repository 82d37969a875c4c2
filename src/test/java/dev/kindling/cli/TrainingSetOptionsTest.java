package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.DataFiles;
import dev.kindling.network.Block;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the options of a recipe are, and what the training set takes from them. */
class TrainingSetOptionsTest {
    private static final int ROWS = 600;

    @TempDir
    private Path directory;

    /** A command with nothing but these options. */
    @Command
    private static final class Options {
        @Mixin
        private RecipeOptions recipe = new RecipeOptions();

        @Mixin
        private TrainingSetOptions trainingSet = new TrainingSetOptions();
    }

    private static Options parse(List<String> arguments) {
        Options options = new Options();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments.toArray(String[]::new));
        return options;
    }

    @BeforeEach
    void writeImages() {
        byte[] images = DataFiles.idx(16 * ROWS, 251, DataFiles.IMAGE_MAGIC, ROWS, 4, 4);
        DataFiles.write(directory, "train-images-idx3-ubyte", images);
        DataFiles.write(directory, "train-labels-idx1-ubyte", DataFiles.labels(ROWS));
    }

    private PackedRows pack(Recipe recipe) {
        return parse(List.of("--data", directory.toString(), "--quiet"))
                .trainingSet
                .pack(SparkTest.session(), List.of(recipe));
    }

    private static RecipeBuilder recipe(long seed) {
        return Recipe.builder().layers(16, 10).seed(seed);
    }

    private static List<Float> firstBlock(PackedRows packed) {
        Block block = packed.blocks().lookup(0).get(0);
        float[] dense = new float[16 * block.rows()];
        block.unpack(dense);
        List<Float> features = new ArrayList<>();
        for (float feature : dense) {
            features.add(feature);
        }
        return features;
    }

    @Test
    void everyOptionIsItsSettingInTheRecipe() {
        Map<String, String> settings = Recipe.builder().build().settings();
        assertThat(settings.remove("output")).isEqualTo("softmax"); // the command line trains nothing else
        Map<String, String> others = Map.ofEntries(
                Map.entry("layers", "16,3,10"),
                Map.entry("inputs", "raw"),
                Map.entry("initialisation", "uniform"),
                Map.entry("optimizer", "momentum"),
                Map.entry("learning-rate", "0.375"),
                Map.entry("schedule", "constant"),
                Map.entry("warmup", "3"),
                Map.entry("iterations", "77"),
                Map.entry("batch-size", "512"),
                Map.entry("momentum", "0.5"),
                Map.entry("beta1", "0.25"),
                Map.entry("beta2", "0.125"),
                Map.entry("tolerance", "0.03125"),
                Map.entry("weight-decay", "0.0625"),
                Map.entry("repeat", "4"),
                Map.entry("validation-fraction", "0.25"),
                Map.entry("validate-every", "7"),
                Map.entry("patience", "2"),
                Map.entry("seed", "-5"));
        assertThat(others).containsOnlyKeys(settings.keySet());
        others.forEach((name, value) -> {
            Map<String, String> expected = new TreeMap<>(settings);
            if (name.equals("patience")) { // it needs rows held out
                expected.put("validation-fraction", "0.25");
            }
            expected.put(name, value);
            List<String> arguments = expected.entrySet().stream()
                    .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                    .toList();
            expected.put("output", "softmax");
            assertThat(parse(arguments).recipe.builder().build().settings()).isEqualTo(expected);
        });
    }

    @Test
    void theSeedDrawsTheShiftsOfTheCopies() {
        try (PackedRows one = pack(recipe(1).repeat(2).build());
                PackedRows again = pack(recipe(1).repeat(2).build());
                PackedRows two = pack(recipe(2).repeat(2).build())) {
            assertThat(one.rows()).isEqualTo(2 * ROWS);
            assertThat(one.fingerprint()).isEqualTo(again.fingerprint()).isNotEqualTo(two.fingerprint());
        }
    }

    @Test
    void theSeedDrawsTheOrderOfTheRows() {
        try (PackedRows one = pack(recipe(1).build());
                PackedRows again = pack(recipe(1).build());
                PackedRows two = pack(recipe(2).build())) {
            assertThat(one.fingerprint()).isEqualTo(two.fingerprint());
            assertThat(firstBlock(one)).isEqualTo(firstBlock(again)).isNotEqualTo(firstBlock(two));
        }
    }

    @Test
    void theShareHeldOutIsThatOfTheRecipe() {
        try (PackedRows some = pack(recipe(1).validationFraction(0.4).build());
                PackedRows none = pack(recipe(1).build())) {
            assertThat(some.validationRows()).isBetween(200L, 300L);
            assertThat(none.validationRows()).isZero();
        }
    }
}

package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.network.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {
    private static final long PARAMETERS = 7_960;

    private static Recipe recipe(Recipe.OptimizerKind optimizer) {
        return Recipe.builder()
                .layers(Architecture.parse("784,10,10"))
                .optimizer(optimizer)
                .build();
    }

    @Test
    void theOptimisersStateCountsAndEachRunAndTask() {
        TrainingMemory plain = TrainingMemory.of(List.of(recipe(Recipe.OptimizerKind.GD)));
        TrainingMemory momentum = TrainingMemory.of(List.of(recipe(Recipe.OptimizerKind.MOMENTUM)));
        TrainingMemory adam = TrainingMemory.of(List.of(recipe(Recipe.OptimizerKind.ADAM)));
        assertThat(momentum.driver() - plain.driver()).isEqualTo(8 * PARAMETERS);
        assertThat(adam.driver() - momentum.driver()).isEqualTo(8 * PARAMETERS);

        List<Recipe> both = List.of(recipe(Recipe.OptimizerKind.GD), recipe(Recipe.OptimizerKind.ADAM));
        TrainingMemory together = TrainingMemory.of(both);
        assertThat(together.driver()).isEqualTo(plain.driver() + adam.driver());
        assertThat(together.task()).isEqualTo(2 * plain.task() - 4 * PARAMETERS);
    }
}

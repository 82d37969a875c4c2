package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What a run ends with, and what its steps showed but for the time they took. */
record End(Trained trained, List<List<Object>> history) {
    static End of(Trainer trainer, Run run) {
        return new End(
                trainer.result(run),
                run.history().stream()
                        .map(row -> List.<Object>of(
                                row.step(),
                                row.loss(),
                                row.accuracy(),
                                row.validationLoss(),
                                row.validationAccuracy(),
                                row.learningRate(),
                                row.rows(),
                                row.gradientNorms(),
                                row.deadUnits()))
                        .toList());
    }

    private List<Object> numbers() {
        return List.of(
                trained.steps(),
                trained.taken(),
                trained.loss(),
                trained.accuracy(),
                trained.validationLoss(),
                trained.validationAccuracy(),
                trained.deadUnits());
    }

    void isThatOf(End other) {
        assertThat(trained.parameters()).isEqualTo(other.trained.parameters());
        assertThat(numbers()).isEqualTo(other.numbers());
        assertThat(history).isEqualTo(other.history);
    }
}

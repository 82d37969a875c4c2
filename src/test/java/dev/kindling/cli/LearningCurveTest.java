package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.plot.CurvesPicture;
import dev.kindling.plot.CurvesPicture.Curve;
import dev.kindling.storage.HistoryRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningCurveTest {
    private static HistoryRow step(int step) {
        return new HistoryRow(
                step, 2.0 / step, step / 10.0, Double.NaN, Double.NaN, 0.1, 256, step, List.of(1.0), List.of());
    }

    @Test
    void lossAndAccuracyAreDrawnAgainstTheStepAndValidationWhereItWasEvaluated() {
        List<HistoryRow> history = List.of(step(1), step(2).validated(1.5, 0.3), step(3), step(4).validated(0.7, 0.5));
        CurvesPicture picture = LearningCurve.of("models/mnist", history);
        assertThat(picture.charts())
                .extracting(CurvesPicture.Chart::quantity)
                .containsExactly("loss (nats)", "accuracy");
        Curve loss = picture.charts().get(0).curves().get(0);
        assertThat(loss.steps()).containsExactly(1, 2, 3, 4);
        assertThat(loss.values()).containsExactly(2, 1, 2.0 / 3, 0.5);
        Curve accuracy = picture.charts().get(1).curves().get(1);
        assertThat(accuracy.name()).isEqualTo("validation");
        assertThat(accuracy.steps()).containsExactly(2, 4);
        assertThat(accuracy.values()).containsExactly(0.3, 0.5);
    }

    @Test
    void withoutValidationThereIsTheTrainingAlone() {
        CurvesPicture picture = LearningCurve.of("models/mnist", List.of(step(1)));
        assertThat(picture.charts())
                .allSatisfy(chart -> assertThat(chart.curves()).hasSize(1));
        assertThat(picture.png()).isNotEmpty();
    }
}

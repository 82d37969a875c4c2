package dev.kindling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private static final ConfusionMatrix MATRIX = new ConfusionMatrix(new long[][] {{5, 1, 0}, {2, 7, 0}, {0, 1, 0}});

    @Test
    void metricsAreThoseCountedByHand() {
        assertThat(MATRIX.total()).isEqualTo(16);
        assertThat(MATRIX.correct()).isEqualTo(12);
        assertThat(MATRIX.accuracy()).isEqualTo(0.75);
        assertThat(MATRIX.actual(1)).isEqualTo(9);
        assertThat(MATRIX.predicted(1)).isEqualTo(9);
        assertThat(MATRIX.precision(0)).isCloseTo(5 / 7.0, within(1e-12));
        assertThat(MATRIX.recall(0)).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(MATRIX.f1(0)).isCloseTo(10 / 13.0, within(1e-12));
        assertThat(MATRIX.precision(2)).isNaN();
        assertThat(MATRIX.recall(2)).isZero();
        assertThat(MATRIX.binary()).isDeepEqualTo(new long[][] {{12, 4}, {4, 28}});
    }

    @Test
    void theTextHasCellsTotalsAndADashForWhatIsNotDefined() {
        String text = EvaluationReport.text(MATRIX);
        assertThat(text).contains("accuracy 75.00 % (12 of 16 rows)").contains("[[12, 4], [4, 28]]");
        assertThat(text.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsSubsequence("0 1 2 total", "0 5 1 0 6", "1 2 7 0 9", "2 0 1 0 1", "total 7 9 0 16")
                .contains("2 - 0.0000 0.0000 1");
    }

    @Test
    void theJsonSaysTheSame() throws IOException {
        JsonNode json = new ObjectMapper().readTree(EvaluationReport.json(MATRIX));
        assertThat(json.get("rows").asLong()).isEqualTo(16);
        assertThat(json.get("accuracy").asDouble()).isEqualTo(0.75);
        assertThat(json.get("confusionMatrix").get(1).get(0).asLong()).isEqualTo(2);
        assertThat(json.get("binaryConfusionMatrix").get(1).get(1).asLong()).isEqualTo(28);
        assertThat(json.get("classes").get(2).get("precision").isNull()).isTrue();
        assertThat(json.get("classes").get(0).get("f1").asDouble()).isEqualTo(MATRIX.f1(0));
    }
}

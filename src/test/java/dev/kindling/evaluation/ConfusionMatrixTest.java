package dev.kindling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.evaluation.ConfusionMatrix.Cell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private static final ConfusionMatrix MATRIX =
            new ConfusionMatrix(3, cells(new long[][] {{5, 1, 0}, {2, 7, 0}, {0, 1, 0}}));

    /** As the issue of 65,536 classes: as many as a label can have, nearly all right. */
    private static final ConfusionMatrix MANY = new ConfusionMatrix(
            65_536,
            IntStream.range(0, 60_000)
                    .mapToObj(c -> new Cell(c, c % 100 == 0 ? 7 : c, 2))
                    .toList());

    private static List<Cell> cells(long[][] counts) {
        List<Cell> cells = new ArrayList<>();
        for (int actual = 0; actual < counts.length; actual++) {
            for (int predicted = 0; predicted < counts.length; predicted++) {
                if (counts[actual][predicted] > 0) {
                    cells.add(new Cell(actual, predicted, counts[actual][predicted]));
                }
            }
        }
        return cells;
    }

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
    void anAccuracyThatHidesAClassHasTheMeanRecallBesideItAndTheNameOfTheClass() throws IOException {
        ConfusionMatrix imbalance = new ConfusionMatrix(3, List.of(new Cell(0, 0, 398), new Cell(1, 0, 2)));
        assertThat(imbalance.macroRecall()).isEqualTo(0.5);
        assertThat(EvaluationReport.text(imbalance))
                .startsWith(
                        "accuracy 99.50 % (398 of 400 rows), macro-averaged recall 50.00 %\nnever predicted: class 1\n");
        JsonNode json = new ObjectMapper().readTree(EvaluationReport.json(imbalance));
        assertThat(json.get("macroRecall").asDouble()).isEqualTo(0.5);
        assertThat(json.get("neverPredicted").toString()).isEqualTo("[1]");
        assertThat(EvaluationReport.text(MATRIX)).contains("never predicted: class 2\n");
    }

    @Test
    void ofFiftyClassesAllCellsAreShownAndOfMoreThoseThatOccur() throws IOException {
        for (int classes : new int[] {50, 51}) {
            ConfusionMatrix matrix = new ConfusionMatrix(classes, List.of(new Cell(3, 3, 1)));
            assertThat(EvaluationReport.isCut(matrix)).isEqualTo(classes == 51);
            assertThat(EvaluationReport.text(matrix).contains("actual down, predicted across"))
                    .isEqualTo(classes == 50);
            assertThat(new ObjectMapper()
                            .readTree(EvaluationReport.json(matrix))
                            .has("confusionMatrix"))
                    .isEqualTo(classes == 50);
        }
    }

    @Test
    void ofAGreatManyClassesTheTextHasTheWorstAndTheJsonTheCellsThatOccur() throws IOException {
        String text = EvaluationReport.text(MANY);
        assertThat(text.lines().count()).isLessThan(60);
        assertThat(text)
                .contains("accuracy 99.00 % (118,800 of 120,000 rows), macro-averaged recall 99.00 %")
                .contains("never predicted: classes 0, 100, 200, ", ", 1900 and 580 more")
                .contains("65,536 classes, 60,000 of them with rows; 600 pairs of classes confused")
                .contains("and 580 more", "and 59,980 more");
        assertThat(text.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("100 7 2", "100 - 0.0000 0.0000 2");
        JsonNode json = new ObjectMapper().readTree(EvaluationReport.json(MANY));
        assertThat(json.has("confusionMatrix")).isFalse();
        assertThat(json.get("confusionCells")).hasSize(60_000);
        assertThat(json.get("confusionCells").get(100).toString()).isEqualTo("[100,7,2]");
        assertThat(json.get("classes")).hasSize(65_536);
        assertThat(MANY.binary()[1][1]).isEqualTo(65_535L * 120_000 - 1_200);
    }

    @Test
    void theTextHasCellsTotalsAndADashForWhatIsNotDefined() {
        String text = EvaluationReport.text(MATRIX);
        assertThat(text)
                .contains("accuracy 75.00 % (12 of 16 rows), macro-averaged recall 53.70 %")
                .contains("[[12, 4], [4, 28]]");
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

package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.network.Block;
import dev.kindling.network.SparseRows;
import java.util.List;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

class SurveyTest {
    /** 300 rows in two blocks: row r has the features r / 300 and 1, and a weight of its own. */
    private static Survey survey(boolean isWeighted) {
        return block(0, 256, isWeighted).plus(block(1, 44, isWeighted));
    }

    private static Survey block(int number, int rows, boolean isWeighted) {
        SparseRows packed = new SparseRows(2);
        for (int r = 256 * number; r < 256 * number + rows; r++) {
            packed.add(0, isWeighted ? r % 3 : 1f, new float[0], new float[] {r / 300f, 1});
        }
        return Survey.of(
                List.of(new Tuple2<>(number, new Block(packed))).iterator(),
                new IdPlacement(new BlockLayout(300, 0, "rows"), 1, 1, 1, "rows"),
                2);
    }

    @Test
    void theMeanOfAFeatureIsByTheWeightsOfTheRows() {
        double[] plain = survey(false).featureMean("rows");
        assertThat(plain[0]).isCloseTo(299 / 600.0, within(1e-7));
        assertThat(plain[1]).isEqualTo(1);
        double[] weighted = survey(true).featureMean("rows");
        double sum = 0;
        for (int r = 0; r < 300; r++) {
            sum += r % 3 * r / 300.0;
        }
        assertThat(weighted[0]).isCloseTo(sum / 300, within(1e-7));
        assertThat(weighted[1]).isEqualTo(1);
    }

    @Test
    void theFingerprintDependsOnWeights() {
        assertThat(survey(true).fingerprint()).isNotEqualTo(survey(false).fingerprint());
    }
}

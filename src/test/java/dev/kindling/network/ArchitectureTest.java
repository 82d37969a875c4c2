package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
    @Test
    void parametersLieLayerAfterLayerWeightsBeforeBiases() {
        Architecture architecture = Architecture.parse("784, 10,10");
        assertThat(architecture).hasToString("784,10,10");
        assertThat(architecture.parameters()).isEqualTo(7_960);
        assertThat(architecture.weights(0)).isZero();
        assertThat(architecture.biases(0)).isEqualTo(7_840);
        assertThat(architecture.weights(1)).isEqualTo(7_850);
        assertThat(architecture.biases(1)).isEqualTo(7_950);
        assertThat(architecture.layerOf(7_849)).isZero();
        assertThat(architecture.layerOf(7_850)).isEqualTo(1);
        assertThat(architecture.hiddenUnits()).isEqualTo(10);
        assertThat(Architecture.parse("3,2").hiddenUnits()).isZero();
    }

    @Test
    void theLastUnitsAreClassesOrTargets() {
        Architecture classification = Architecture.parse("7,5,3");
        Architecture regression = classification.withOutput(Output.IDENTITY);
        assertThat(List.of(classification.outputs(), classification.classes(), classification.targets()))
                .containsExactly(3, 3, 0);
        assertThat(List.of(regression.outputs(), regression.classes(), regression.targets()))
                .containsExactly(3, 0, 3);
        assertThat(regression).hasToString("7,5,3").isNotEqualTo(classification);
        assertThat(regression.withOutput(Output.SOFTMAX)).isEqualTo(classification);
    }

    @Test
    void theLargestNetworkIsTheOneWhoseSumsJustFitAnArrayOfBytes() {
        Architecture largest = Architecture.parse("55770,4813,1");
        assertThat(largest.parameters() + largest.hiddenUnits() + Architecture.MORE_SUMS)
                .isEqualTo(Integer.MAX_VALUE / Long.BYTES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "784           | at least inputs and classes",
                "784,,10       | whole numbers and commas",
                "784,ten       | whole numbers and commas",
                "784,0,10      | from 1 to 65536",
                "784,-5,10     | from 1 to 65536",
                "784,65537,10  | from 1 to 65536",
                "16777217,1    | from 1 to 16777216",
                "65536,65536,2 | at most 268435450 together",
                "55769,4813,2  | has 268430638 parameters and 4813 hidden units, expected at most 268435450 together"
            })
    void sizesThatMakeNoNetworkAreRefused(String text, String message) {
        assertThatThrownBy(() -> Architecture.parse(text))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("layers: ")
                .hasMessageContaining(message);
    }
}

package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.failure;
import static dev.kindling.data.files.DataFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small tables as people have them, which an earlier version read wrong or refused with a misleading message. */
class CasesTest {
    private static final String CASES = "src/test/resources/cases/";

    private static LabelledRows open(String name, Split split) {
        return DataDirectory.open(SparkTest.session(), CASES + name, split, 2);
    }

    @Test
    void theHeaderSaysThatTheLabelIsTheLastColumn() {
        assertThat(rows(open("label-last", Split.TRAIN)))
                .containsExactly("0 1 [0, 1]", "1 0 [1, 0]", "2 1 [0, 2]", "3 0 [1, 3]");
    }

    @Test
    void namesWithDigitsAreAHeader() {
        assertThat(rows(open("header-digits", Split.TRAIN))).containsExactly("0 1 [0, 1]", "1 0 [2, 0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "semicolon | /train.csv line 1: found 1 column, with ';' in it, expected a label and 1 to 65536 pixels,"
                        + " separated by commas",
                "strings | /train.csv line 2: found label 'setosa', expected a whole number 0 to 1: number the classes from 0",
                "labels-from-one | /train.csv line 2: found label '2', expected a whole number 0 to 1: number the"
                        + " classes from 0",
            })
    void whatIsNotReadIsRefusedWithTheReason(String name, String message) {
        assertThat(failureOf(name)).isEqualTo(CASES + name + message);
    }

    @Test
    void numbersThatAreNotPixelsAreRefusedWithTheReason() {
        assertThat(failureOf("floats")) // two tasks read, and either may be the first to say so
                .isIn(
                        CASES + "floats/train.csv line 2: found pixel '6.5', expected a whole number 0 to 255; other"
                                + " numbers are read from Parquet only, as floats or doubles",
                        CASES + "floats/train.csv line 3: found pixel '\"5\"', expected a whole number 0 to 255 without"
                                + " quotes");
    }

    private static String failureOf(String name) {
        return failure(
                () -> open(name, Split.TRAIN).rows().queryExecution().toRdd().count());
    }

    @Test
    void aTableWithoutALabelSaysSo() {
        assertThat(failure(() -> open("unlabelled", Split.TEST)))
                .isEqualTo(CASES + "unlabelled/test.csv line 1: found no label column among 'p', 'q', expected one"
                        + " called label, class, target, species, y or as label says, or a row of numbers with the"
                        + " label first");
    }

    @Test
    void ofOtherFilesTheNamesAreSaid() {
        assertThat(failure(() -> open("libsvm", Split.TRAIN)))
                .startsWith(CASES + "libsvm: found no train data, only train.libsvm, expected ")
                .contains("train.csv");
    }
}

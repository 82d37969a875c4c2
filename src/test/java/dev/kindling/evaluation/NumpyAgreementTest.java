package dev.kindling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.Split;
import dev.kindling.storage.JsonReader;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imported parameters against NumPy in float64: numpy/*.gz, made by numpy/generate.py. */
class NumpyAgreementTest {
    private static InputStream fixture(String name) throws IOException {
        return new GZIPInputStream(NumpyAgreementTest.class.getResourceAsStream("/numpy/" + name));
    }

    private static Model model(InputStream json) {
        JsonReader.Parameters read = JsonReader.read("weights.json", json);
        return new Model(read.architecture(), read.parameters(), Provenance.imported("", ""));
    }

    /** The predictions in the order of the ids, a digit each. */
    private static String predict(Model model, LabelledRows rows) {
        try (Predictions predictions = Predictions.of(model, rows)) {
            List<Row> ordered = predictions.table().orderBy("id").collectAsList();
            StringBuilder text = new StringBuilder();
            ordered.forEach(row -> text.append(row.getInt(2)));
            return text.toString();
        }
    }

    @Test
    void eachOfTheTestImagesIsPredictedAsNumpyDoesInFloat64() throws IOException {
        LabelledRows test = DataDirectory.open(SparkTest.session(), "data/mnist", Split.TEST, 10);
        String expected = new String(fixture("predictions.txt.gz").readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertThat(predict(model(fixture("weights.json.gz")), test))
                .hasSize(10_000)
                .isEqualTo(expected);
    }

    @Test
    void ofTwoClassesCloserThanFloatsCanTellTheLowerOneIsPredicted(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("test.csv"), "0,255\n0,255\n");
        LabelledRows rows = DataDirectory.open(SparkTest.session(), directory.toString(), Split.TEST, 2);
        // In float64 class 1 wins both times.
        assertThat(predict(twoClasses("1e-9"), rows)).isEqualTo("00");
        assertThat(predict(twoClasses("1e-6"), rows)).isEqualTo("11");
    }

    /** The sums are 1 for class 0 and 1 + bias for class 1. */
    private static Model twoClasses(String bias) {
        String json = "{\"layers\": [{\"weights\": [[1], [1]], \"biases\": [0, " + bias + "]}]}";
        return model(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}

package guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Predictor;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that predicts without Spark. */
class PredictorTest {
    private static final Standardisation SCALE =
            new Standardisation(new double[] {0, 1.7e9, -3}, new double[] {1, 5e4, 0.5});
    private static final Inputs INPUTS = new Inputs(FeatureForm.COLUMNS, List.of("a", "time", "c"), SCALE);

    @TempDir
    private Path folder;

    private final Random random = new Random(1);

    private static Model model(Output output, Optional<Labels> labels, Optional<Targets> targets) {
        int outputs = labels.map(given -> given.values().size())
                .orElseGet(() -> targets.orElseThrow().columns().size());
        Architecture architecture = new Architecture(List.of(3, 20, 7, outputs), output);
        float[] parameters = Initialisation.HE.draw(architecture, 1);
        Signature signature = new Signature(INPUTS, labels, targets);
        return new Model(architecture, parameters, Provenance.imported("", ""), Optional.of(signature));
    }

    private static Predictor ofClasses(String type, String... labels) {
        return new Predictor(
                model(Output.SOFTMAX, Optional.of(new Labels("kind", type, List.of(labels))), Optional.empty()));
    }

    private static Predictor ofNumbers(int targets) {
        List<String> names =
                IntStream.range(0, targets).mapToObj(k -> "target " + k).toList();
        double[] shift = new double[targets];
        double[] deviation = new double[targets];
        Arrays.fill(shift, 1e6);
        Arrays.fill(deviation, 1e3);
        return new Predictor(model(
                Output.IDENTITY,
                Optional.empty(),
                Optional.of(new Targets(names, new Standardisation(shift, deviation)))));
    }

    private double[] rows(int count) {
        double[] rows = new double[3 * count];
        for (int k = 0; k < rows.length; k++) {
            int input = k % 3;
            double drawn = random.nextBoolean() ? random.nextGaussian() : 0;
            rows[k] = SCALE.shift()[input] + drawn * SCALE.deviation()[input];
        }
        return rows;
    }

    private static double[] row(double[] rows, int row) {
        return Arrays.copyOfRange(rows, 3 * row, 3 * row + 3);
    }

    @ParameterizedTest
    @CsvSource({"STRING, one, java.lang.String", "BIGINT, 1, java.lang.Long", "DOUBLE, 1.0, java.lang.Double"})
    void theLabelOfTheHighestProbabilityComesInItsOwnType(String type, String first, Class<?> java) {
        Predictor predictor = ofClasses(type, first, "22", "7");
        assertThat(predictor.labels()).hasSize(3).hasOnlyElementsOfType(java);
        assertThat(predictor.inputs()).containsExactly("a", "time", "c");
        for (int r = 0; r < 20; r++) {
            double[] row = rows(1);
            float[] probabilities = predictor.probabilities(row);
            Object label = predictor.predict(row);
            float most = probabilities[predictor.labels().indexOf(label)];
            for (float probability : probabilities) {
                assertThat(probability).isLessThanOrEqualTo(most);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 63, 64, 65, 200})
    void rowsTogetherHaveTheBitsOfEachAlone(int count) {
        Predictor classes = ofClasses("INT", "0", "1", "2");
        Predictor numbers = ofNumbers(2);
        double[] rows = rows(count);
        float[] floats = new float[rows.length];
        for (int k = 0; k < rows.length; k++) {
            floats[k] = (float) rows[k];
        }
        float[] probabilities = new float[3 * count];
        classes.probabilities(count, rows, probabilities);
        float[] ofFloats = new float[3 * count];
        classes.probabilities(count, floats, ofFloats);
        double[] predicted = new double[2 * count];
        numbers.numbers(count, rows, predicted);
        double[] predictedOfFloats = new double[2 * count];
        numbers.numbers(count, floats, predictedOfFloats);
        for (int r = 0; r < count; r++) {
            assertThat(Arrays.copyOfRange(probabilities, 3 * r, 3 * r + 3))
                    .isEqualTo(classes.probabilities(row(rows, r)));
            assertThat(Arrays.copyOfRange(predicted, 2 * r, 2 * r + 2)).isEqualTo(numbers.numbers(row(rows, r)));
            int at = 3 * r;
            double[] rounded = {floats[at], floats[at + 1], floats[at + 2]};
            assertThat(Arrays.copyOfRange(ofFloats, 3 * r, 3 * r + 3)).isEqualTo(classes.probabilities(rounded));
            assertThat(Arrays.copyOfRange(predictedOfFloats, 2 * r, 2 * r + 2)).isEqualTo(numbers.numbers(rounded));
        }
    }

    @Test
    void aNumberIsInTheScaleOfItsTarget() {
        Predictor one = ofNumbers(1);
        double[] row = rows(1);
        double predicted = one.predict(row);
        assertThat(predicted).isBetween(9e5, 1.1e6).isEqualTo(one.numbers(row)[0]);
        assertThat(one.targets()).containsExactly("target 0");
        assertThat(one.labels()).isEmpty();
    }

    @Test
    void anExportedModelPredictsWithTheBitsThatItHasInSpark() throws IOException {
        ClassifierModel flowers = new Classifier()
                .label("species")
                .recipe(recipe -> recipe.iterations(20))
                .fit(Fits.flowers());
        Predictor predictor = Predictor.load(export(flowers.network()));
        assertThat(predictor.labels()).isEqualTo(flowers.labels());
        for (Row row : flowers.transform(Fits.flowers()).collectAsList()) {
            double[] features =
                    IntStream.range(0, 4).mapToDouble(row::getDouble).toArray();
            List<Float> probabilities = row.getList(row.fieldIndex(ClassifierModel.PROBABILITY));
            assertThat(predictor.probabilities(features)).containsExactly(probabilities.toArray(Float[]::new));
            String species = predictor.predict(features);
            assertThat(species).isEqualTo(row.getAs(ClassifierModel.PREDICTION));
        }
        RegressorModel lengths = new Regressor()
                .target("petal_length")
                .features("sepal_length", "sepal_width")
                .recipe(recipe -> recipe.iterations(20))
                .fit(Fits.flowers());
        Predictor numbers = Predictor.load(export(lengths.network()));
        for (Row row : lengths.transform(Fits.flowers()).collectAsList()) {
            double number = numbers.predict(row.getDouble(0), row.getDouble(1));
            assertThat(number).isEqualTo(row.<Double>getAs(RegressorModel.PREDICTION));
        }
    }

    private Path export(Model model) throws IOException {
        Path file = folder.resolve("model.onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            OnnxWriter.write(model, OnnxInput.of(model), out);
        }
        return file;
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        Predictor classes = ofClasses("INT", "0", "1", "2");
        assertThat(Fits.failure(() -> classes.probabilities(1, 2)))
                .isEqualTo("the row: found 2 features, expected 3: a, time, c");
        assertThat(Fits.failure(() -> classes.predict(new float[] {1, 2, Float.NaN})))
                .isEqualTo("the row: found NaN for c, expected a finite number");
        assertThat(Fits.failure(() -> classes.probabilities(2, new double[5], new float[6])))
                .isEqualTo("2 rows: found 5 features, expected 6: a, time, c");
        assertThat(Fits.failure(() -> classes.probabilities(2, new double[] {0, 0, 0, 0, 1 / 0.0, 0}, new float[6])))
                .isEqualTo("row 1: found Infinity for time, expected a finite number");
        assertThat(Fits.failure(() -> classes.probabilities(2, new double[6], new float[7])))
                .isEqualTo("found an array of 7 for the predictions of 2 rows, expected 6");
        assertThat(Fits.failure(() -> classes.numbers(1, 2, 3)))
                .isEqualTo("found a model without targets, expected one with them");
        assertThat(Fits.failure(() -> ofNumbers(1).probabilities(1, 2, 3)))
                .isEqualTo("found a model without labels, expected one with them");
        assertThat(Fits.failure(() -> ofNumbers(2).predict(1, 2, 3)))
                .isEqualTo("found a model of 2 targets, expected one: use numbers");
        Path none = folder.resolve("none.onnx");
        assertThat(Fits.failure(() -> Predictor.load(none)))
                .isEqualTo(none + ": found no such file, expected a model that was exported to ONNX");
    }

    @Test
    void manyThreadsPredictWhatOneDoes() throws InterruptedException, ExecutionException {
        Predictor predictor = ofClasses("INT", "0", "1", "2");
        double[] rows = rows(500);
        float[] expected = new float[3 * 500];
        predictor.probabilities(500, rows, expected);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<float[]>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int together = thread % 2 == 0 ? 1 : 100;
                all.add(threads.submit(() -> inParts(predictor, rows, together)));
            }
            for (Future<float[]> found : all) {
                assertThat(found.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static float[] inParts(Predictor predictor, double[] rows, int together) {
        float[] all = new float[rows.length];
        float[] part = new float[3 * together];
        for (int round = 0; round < 20; round++) {
            for (int at = 0; at < rows.length; at += part.length) {
                predictor.probabilities(together, Arrays.copyOfRange(rows, at, at + part.length), part);
                System.arraycopy(part, 0, all, at, part.length);
            }
        }
        return all;
    }

    /** As soon as all is compiled: vectors are objects until then. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void inTheSteadyStateThereIsNoGarbage(int count) {
        Predictor classes = ofClasses("INT", "0", "1", "2");
        Predictor numbers = ofNumbers(2);
        double[] rows = rows(count);
        float[] probabilities = new float[3 * count];
        double[] predicted = new double[2 * count];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long garbage = Long.MAX_VALUE;
        for (int round = 0; round < 10_000 && garbage > 0; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int call = 0; call < 100; call++) {
                classes.probabilities(count, rows, probabilities);
                numbers.numbers(count, rows, predicted);
                if (count == 1) {
                    classes.predict(rows);
                }
            }
            garbage = threads.getThreadAllocatedBytes(thread) - before;
        }
        assertThat(garbage).isZero();
    }
}

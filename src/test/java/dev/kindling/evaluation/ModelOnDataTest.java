package dev.kindling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Kryo;
import dev.kindling.SparkTest;
import dev.kindling.data.Example;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.DataFiles;
import dev.kindling.data.files.Split;
import dev.kindling.network.Architecture;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Trace;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark jobs find out about a model and MNIST's test set. */
class ModelOnDataTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("784,6,10");

    /** Uniform weights, unit 2 dead: its bias is far below what any image can bring. */
    private static Model model() {
        float[] parameters = Initialisation.UNIFORM.draw(ARCHITECTURE, 4);
        parameters[ARCHITECTURE.biases(0) + 2] = -10_000;
        return new Model(ARCHITECTURE, parameters, Provenance.imported("", ""));
    }

    private static LabelledRows test() {
        return DataDirectory.open(SparkTest.session(), "data/mnist", Split.TEST, 10);
    }

    @Test
    void theWorstMistakesAreTheWrongRowsOfHighestProbability() {
        try (Predictions predictions = Predictions.of(model(), test())) {
            List<Predictions.Mistake> worst = predictions.worstMistakes(12);
            List<Row> wrong = predictions.table().where("label <> prediction").collectAsList();
            assertThat(worst).hasSize(12);
            List<Float> highest = wrong.stream()
                    .map(row -> row.getFloat(3))
                    .sorted((a, b) -> Float.compare(b, a))
                    .limit(12)
                    .toList();
            assertThat(worst).extracting(Predictions.Mistake::probability).isEqualTo(highest);
            assertThat(worst)
                    .allSatisfy(mistake -> assertThat(wrong)
                            .anyMatch(row -> row.getLong(0) == mistake.id()
                                    && row.getInt(1) == mistake.label()
                                    && row.getInt(2) == mistake.prediction()));
            assertThat(predictions.worstMistakes(20_000)).hasSize(wrong.size());
        }
    }

    /** The square of so many classes would not fit the heap of the tests. */
    @Test
    void theCellsThatOccurAreCountedHoweverManyClassesThereAre() {
        Architecture wide = Architecture.parse("784,1,20000");
        Model model = new Model(wide, Initialisation.UNIFORM.draw(wide, 4), Provenance.imported("", ""));
        LabelledRows all = DataDirectory.open(SparkTest.session(), "data/mnist", Split.TEST, 20_000);
        LabelledRows rows = new LabelledRows(all.rows().where("id < 100"), 100, 784, all.source());
        try (Predictions predictions = Predictions.of(model, rows)) {
            ConfusionMatrix matrix = predictions.confusionMatrix();
            assertThat(matrix.classes()).isEqualTo(20_000);
            assertThat(matrix.total()).isEqualTo(100);
            assertThat(matrix.occurring()).hasSize(10);
            for (ConfusionMatrix.Cell cell : matrix.cells().subList(0, 5)) {
                assertThat(predictions
                                .table()
                                .where("label = " + cell.actual() + " and prediction = " + cell.predicted())
                                .count())
                        .isEqualTo(cell.rows());
            }
        }
    }

    @Test
    void activityIsCountedOverAllRowsAndAUnitThatNeverActsIsDead() {
        HiddenActivity activity = HiddenActivity.of(model(), test());
        assertThat(activity.rows()).isEqualTo(10_000);
        assertThat(activity.active()).hasSize(6);
        for (int u = 0; u < 6; u++) {
            assertThat(activity.isDead(u)).isEqualTo(u == 2);
            assertThat(activity.share(u)).isBetween(u == 2 ? 0 : 0.001, u == 2 ? 0.0 : 1);
        }
    }

    @Test
    void theShardsSumsMakeTheMeanOfTheRowsGradientsForAnyNumberOfShards() {
        LabelledRows all = test();
        LabelledRows rows = new LabelledRows(all.rows().where("id < 600"), 600, 784, all.source());
        Trace.Weight weight = new Trace.Weight(0, 406, 1);
        double expected = Example.draw(rows, 600, 1, OptionalInt.empty()).stream()
                .mapToDouble(row ->
                        new Trace(ARCHITECTURE, model().parameters(), row.features(), row.label()).gradient(weight))
                .average()
                .orElseThrow();
        Set<Double> means = new HashSet<>();
        for (int partitions : new int[] {1, 2, 5}) {
            try (PackedRows packed = PackedRows.pack(rows, ARCHITECTURE, partitions, 1)) {
                List<ShardSum> shards = ShardSum.of(model(), packed, weight.index(ARCHITECTURE));
                assertThat(shards).hasSize(partitions);
                ShardSum total = ShardSum.total(shards);
                assertThat(total.rows()).isEqualTo(600);
                assertThat(total.sum())
                        .isCloseTo(shards.stream().mapToDouble(ShardSum::sum).sum(), within(1e-9));
                assertThat(total.mean()).isCloseTo(expected, within(1e-5 * Math.abs(expected)));
                means.add(total.mean());
            }
        }
        assertThat(means).as("bits").hasSize(1);
    }

    @Test
    void aPassThatMeetsFewerRowsThanWereCountedIsRefused() {
        LabelledRows all = test();
        LabelledRows fewer = new LabelledRows(all.rows().where("id < 600"), 700, 784, "test rows");
        String message = "test rows: found 600 rows, expected 700, as when they were counted: did it change while it"
                + " was read?";
        assertThat(DataFiles.failure(() -> Predictions.of(model(), fewer))).isEqualTo(message);
        assertThat(DataFiles.failure(() -> HiddenActivity.of(model(), fewer))).isEqualTo(message);
        assertThat(DataFiles.failure(() -> Example.withId(fewer, 650)))
                .isEqualTo("test rows: found 0 rows with the ids [650], expected each once: did it change while it was"
                        + " read?");
    }

    /** As when its executor is lost. */
    private static void lose(Predictions predictions) {
        SparkContext context = SparkTest.session().sparkContext();
        CollectionConverters.asJava(context.getPersistentRDDs()).values().stream()
                .filter(rdd -> rdd.name().startsWith("predictions for "))
                .forEach(rdd -> SparkEnv.get().blockManager().master().removeRdd(rdd.id(), true));
        assertThat(predictions.table().count()).isPositive();
    }

    @Test
    void rowsThatChangeAfterTheyWerePredictedAreRefusedWhenTheyAreReadAgain(@TempDir Path directory) {
        Architecture architecture = Architecture.parse("2,3,10");
        Model model =
                new Model(architecture, Initialisation.UNIFORM.draw(architecture, 4), Provenance.imported("", ""));
        String text = IntStream.range(0, 600)
                .mapToObj(row -> row % 3 + ",7," + (100 + row % 100) + "\n")
                .collect(Collectors.joining());
        DataFiles.write(directory, "train.csv", text);
        try (Predictions predictions = Predictions.of(model, DataFiles.open(directory))) {
            ConfusionMatrix matrix = predictions.confusionMatrix();
            List<Predictions.Mistake> worst = predictions.worstMistakes(600);
            assertThat(predictions.read(worst))
                    .extracting(Example::id)
                    .isEqualTo(worst.stream().map(Predictions.Mistake::id).toList());
            lose(predictions);
            assertThat(predictions.confusionMatrix().cells()).isEqualTo(matrix.cells());

            DataFiles.write(directory, "train.csv", text.replace("2,7,155", "2,7,156"));
            String file = directory + "/train.csv";
            assertThat(DataFiles.failure(() -> lose(predictions)))
                    .startsWith(file + ": found other rows when it was read again for partition ");
            assertThat(DataFiles.failure(() -> predictions.read(worst)))
                    .matches(file
                            + " row \\d+: found another row than was predicted: did it change while it was read\\?");

            DataFiles.write(directory, "train.csv", text);
            lose(predictions);
            assertThat(predictions.confusionMatrix().cells()).isEqualTo(matrix.cells());
        }
    }

    @Test
    void whatTasksFindOutArrivesByKryoToo() {
        HiddenActivity activity = Kryo.send(new HiddenActivity(new long[] {3, 0}, 4));
        assertThat(activity.active()).containsExactly(3, 0);
        assertThat(activity.rows()).isEqualTo(4);
        ExactSum gradient = new ExactSum(1, 2);
        gradient.add(new float[] {3}, 2);
        assertThat(Kryo.send(new ShardSum(2, gradient)).mean()).isEqualTo(1.5);
    }
}

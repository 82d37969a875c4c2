package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.HistoryRow;
import dev.kindling.training.Recipe;
import dev.kindling.training.Recipes;
import dev.kindling.training.Rows;
import dev.kindling.training.Run;
import dev.kindling.training.Trainer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three rates, and one that diverges after its first evaluation. */
class TuningReportTest {
    private static final List<Color> COLOURS =
            Stream.of(0x0072b2, 0xd55e00, 0x009e73, 0xe69f00).map(Color::new).toList();

    private static List<Candidate> ranked;
    private static List<Candidate> dropped;
    private static TuningReport report;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void train() {
        List<Candidate> candidates = Stream.of(0.001, 0.01, 0.05, 0.9)
                .map(rate -> new Candidate(
                        "rate " + rate,
                        Recipes.with(
                                Recipes.classic(Rows.ARCHITECTURE, 12),
                                Recipe.OptimizerKind.GD,
                                rate,
                                new Recipe.Validation(0.3, 1, 0))))
                .toList();
        Recipe recipe = candidates.get(0).recipe();
        try (PackedRows packed = PackedRows.pack(Rows.random(1), Rows.ARCHITECTURE, 2, recipe.seed(), 0.3)) {
            Map<Run, Candidate> runs = new LinkedHashMap<>();
            candidates.forEach(candidate -> runs.put(candidate.begin(packed), candidate));
            new Trainer(packed, recipe, step -> {}).train(List.copyOf(runs.keySet()), () -> false, (run, why) -> {
                throw why;
            });
        }
        dropped = candidates.subList(3, 4);
        dropped.get(0).drop(new KindlingException("step 13: too fast"));
        ranked = candidates.subList(0, 3).stream().sorted(Candidate.BY_RANK).toList();
        report = new TuningReport("random rows", ranked, dropped);
    }

    private Path write() throws IOException {
        report.write(SparkTest.session(), new org.apache.hadoop.fs.Path(temporary.toString()));
        return temporary;
    }

    @Test
    void theBestIsTheOneWithTheHighestAccuracyOnHeldOutRows() {
        List<Double> accuracies = ranked.stream()
                .map(candidate -> candidate.result().validationAccuracy())
                .toList();
        assertThat(accuracies).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(ranked).allSatisfy(c -> assertThat(c.result().step()).isEqualTo(12));
        assertThat(report.text().lines())
                .hasSize(5)
                .last()
                .asString()
                .startsWith("  -  rate 0.9")
                .endsWith("step 13: too fast");
        assertThat(report.text().lines().skip(1).findFirst().orElseThrow())
                .startsWith("  1  " + ranked.get(0).name())
                .contains(String.format("accuracy %.4f", accuracies.get(0)));
    }

    @Test
    void bothTablesHaveEachEvaluationOfEachCandidate() throws IOException {
        Path directory = write();
        List<String> expected = Stream.concat(ranked.stream(), dropped.stream())
                .flatMap(candidate -> candidate.evaluations().stream().map(shown -> line(candidate, shown)))
                .toList();
        assertThat(expected).hasSize(48);
        List<String> csv = Files.readAllLines(directory.resolve("tuning.csv"));
        assertThat(csv.get(0)).isEqualTo("candidate,optimizer,learningRate,seed,step,loss,accuracy");
        assertThat(csv.subList(1, csv.size())).isEqualTo(expected);
        List<String> parquet = SparkTest.session()
                .read()
                .parquet(directory.resolve("tuning.parquet").toString())
                .selectExpr(csv.get(0).split(","))
                .collectAsList()
                .stream()
                .map(Row::mkString)
                .toList();
        assertThat(parquet)
                .isEqualTo(expected.stream().map(line -> line.replace(",", "")).toList());
    }

    private static String line(Candidate candidate, HistoryRow shown) {
        return String.join(
                ",",
                candidate.name(),
                "gd",
                String.valueOf(candidate.recipe().learningRate()),
                "1",
                String.valueOf(shown.step()),
                String.valueOf(shown.validationLoss()),
                String.valueOf(shown.validationAccuracy()));
    }

    /** How many columns of the picture, left of its legend, have a colour. */
    private static long columns(BufferedImage image, Color colour) {
        return IntStream.range(0, image.getWidth() * 3 / 4)
                .filter(x -> IntStream.range(0, image.getHeight()).anyMatch(y -> image.getRGB(x, y) == colour.getRGB()))
                .count();
    }

    @Test
    void thePictureHasALineInItsColourForEachCandidate() throws IOException {
        Path directory = write();
        BufferedImage image = ImageIO.read(directory.resolve("tuning.png").toFile());
        for (Color colour : COLOURS) {
            assertThat(columns(image, colour)).isGreaterThan(image.getWidth() / 4);
        }
        assertThat(columns(image, new Color(0xcc79a7))).isZero();
        assertThat(Files.readString(directory.resolve("tuning.svg")))
                .startsWith("<?xml")
                .contains("all 4 candidates");
        assertThat(Files.size(directory.resolve("tuning.png"))).isLessThan(300_000);
    }
}

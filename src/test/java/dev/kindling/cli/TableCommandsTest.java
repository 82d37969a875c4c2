package dev.kindling.cli;

import static dev.kindling.cli.InProcess.run;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Regressor;
import dev.kindling.SparkTest;
import dev.kindling.cli.Submission.Result;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.IdxImages;
import dev.kindling.data.files.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands on tables, and on pictures in a folder for each class. */
class TableCommandsTest {
    private static final String FLOWERS = "examples/iris.csv";

    @TempDir
    private Path temporary;

    private String path(String name) {
        return temporary.resolve(name).toString();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(temporary.resolve(name), text).toString();
    }

    private static Result ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    @Test
    void aTableIsTrainedOnDescribedEvaluatedAndPredicted() throws IOException {
        String model = path("iris");
        assertThat(ok("train", "--data", FLOWERS, "--iterations", "60", "--hidden-layers", "8", "--model", model)
                        .out())
                .contains(FLOWERS + ": CSV with header, separator ',', 150 rows of 4 features")
                .contains("features: sepal_length, sepal_width, petal_length, petal_width")
                .contains("label: species (string), 3 classes: setosa, versicolor, virginica")
                .contains("network 4,8,3")
                .contains("step 60 of 60");
        assertThat(ok("describe", "--model", model).out())
                .contains("sepal_length, sepal_width")
                .contains("species (string), 3 classes")
                .contains("  iterations          60");
        assertThat(ok("evaluate", "--model", model, "--data", FLOWERS, "--output", path("evaluation"))
                        .out())
                .contains("of 150 rows")
                .contains("versicolor");
        assertThat(temporary.resolve("evaluation/evaluation.json")).content().contains("\"name\" : \"setosa\"");
        assertThat(svg(path("evaluation"), "confusion-matrix"))
                .contains(model + " on " + FLOWERS)
                .containsPattern(">versicolor\\s*</text");
        String unlabelled = write("unlabelled.csv", """
                id;sepal_length;sepal_width;petal_length;petal_width
                a;5,1;3,5;1,4;0,2
                b;6,3;3,3;6,0;2,5
                """);
        String predictions = path("predictions.csv");
        ok(
                "predict",
                "--model",
                model,
                "--data",
                unlabelled,
                "--decimal-comma",
                "--output",
                predictions,
                "--columns",
                "id",
                "--number",
                "Row",
                "--prediction",
                "Species",
                "--probabilities");
        assertThat(Files.readAllLines(Path.of(predictions)).get(0))
                .isEqualTo("id,Species,probability_setosa,probability_versicolor,probability_virginica");
        assertThat(Files.readAllLines(Path.of(predictions)).get(1)).startsWith("a,setosa,");
    }

    /** The SVG file of a picture. */
    private static String svg(String directory, String name) throws IOException {
        CommandsTest.checkPictures(directory, name);
        return Files.readString(Path.of(directory, name + ".svg"));
    }

    @Test
    void weightsOfColumnsAreBarsWithTheirNames() throws IOException {
        String model = path("iris");
        ok("train", "--data", FLOWERS, "--iterations", "60", "--hidden-layers", "8,60", "--model", model);
        assertThat(ok("weights", "--model", model, "--data", FLOWERS, "--output", path("hidden"))
                        .out())
                .containsPattern("hidden layer 1, unit 7: above zero on \\d+ of 150 rows")
                .contains("hidden layer 2: 60 units, of which those above are the first 50");
        assertThat(svg(path("hidden"), "weights"))
                .contains(
                        "Weights of the first hidden layer", "8 units; on: of 150 rows; weights of standardised inputs")
                .containsPattern(">unit 7, (on \\d+ %|dead)\\s*</text")
                .containsPattern(">petal_width\\s*</text");

        String linear = path("linear");
        Dataset<Row> rows = SparkTest.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(FLOWERS);
        new Regressor()
                .target("petal_length", "petal_width")
                .features("sepal_length", "sepal_width")
                .hiddenLayers()
                .recipe(recipe -> recipe.iterations(5))
                .fit(rows)
                .save(linear);
        assertThat(ok("weights", "--model", linear, "--data", FLOWERS, "--output", path("outputs"))
                        .out())
                .doesNotContain("hidden");
        assertThat(svg(path("outputs"), "weights"))
                .contains("Weights of the output layer", "2 units; weights of standardised inputs")
                .containsPattern(">petal_length\\s*</text")
                .containsPattern(">sepal_width\\s*</text");

        run("weights", "--model", model, "--output", path("w"))
                .failsWith(1, "--data: found data/mnist, expected a table, because the model takes columns");
        String holes = write("holes.csv", """
                sepal_length,sepal_width,petal_length,petal_width,species
                1,2,,4,setosa
                1,2,3,4,setosa
                """);
        run("weights", "--model", model, "--data", holes, "--output", path("w"))
                .failsWith(1, "found null or NaN in column petal_length", "--missing skip");
        assertThat(temporary.resolve("w")).doesNotExist();
    }

    /** The last number of each line of a table, by the name that begins the line. */
    private static Map<String, Double> column(String text, String... names) {
        return Stream.of(names).collect(Collectors.toMap(name -> name, name -> {
            Matcher line = Pattern.compile("\n *" + Pattern.quote(name) + " .* ([-+][0-9.e+-]+)\n")
                    .matcher(text);
            assertThat(line.find()).as(name + " in " + text).isTrue();
            return Double.valueOf(line.group(1));
        }));
    }

    @Test
    void aRowIsFollowedByTheNamesOfItsColumns() throws IOException {
        String model = path("iris");
        ok("train", "--data", FLOWERS, "--iterations", "60", "--hidden-layers", "8", "--model", model);
        String explanation = ok(
                        "explain",
                        "--model",
                        model,
                        "--data",
                        FLOWERS,
                        "--where",
                        "petal_length = 6.9 and species = 'virginica'",
                        "--output",
                        path("row"))
                .out();
        assertThat(explanation)
                .contains("row of " + FLOWERS + " where petal_length = 6.9 and species = 'virginica', label virginica")
                .containsPattern("prediction virginica, probability 0\\.\\d{6}")
                .contains("loss = -log p[virginica] = ")
                .containsPattern("petal_length +6\\.9 +1\\.\\d{4} ")
                .containsPattern("one weight: layer 1, from (sepal|petal)_(length|width) to unit \\d")
                .contains("by backpropagation", "by finite differences")
                .containsPattern("total +150 ");
        String measure = "z[virginica] - z[versicolor]";
        Map<String, Double> parts = column(
                explanation, "sepal_length", "sepal_width", "petal_length", "petal_width", "without inputs", measure);
        double sum = parts.values().stream().mapToDouble(Double::doubleValue).sum() - parts.get(measure);
        assertThat(sum).isCloseTo(parts.get(measure), within(1e-3));
        Matcher z =
                Pattern.compile("versicolor +(\\S+) .*\n +virginica +(\\S+) ").matcher(explanation);
        assertThat(z.find()).isTrue();
        assertThat(Double.parseDouble(z.group(2)) - Double.parseDouble(z.group(1)))
                .isCloseTo(parts.get(measure), within(1e-4));
        assertThat(svg(path("row"), "explain"))
                .contains("label virginica: predicted virginica", ">inputs x", ">gradient into unit ")
                .containsPattern(">petal_length\\s*</text")
                .containsPattern(">versicolor\\s*</text");

        String[] wrong = {"explain", "--model", model, "--data", FLOWERS, "--output", path("none")};
        runWith(wrong, "--where", "petal_length > 6").failsWith(1, "--where: found 9 rows", "expected one");
        runWith(wrong, "--where", "petal_length > 7").failsWith(1, "--where: found 0 rows", "expected one");
        runWith(wrong, "--where", "petal = 1").failsWith(1, "--where: found petal = 1, expected a condition in SQL");
        runWith(wrong, "--id", "3").failsWith(1, "--id: found a model of a table's columns", "--where");
        run("explain", "--model", model, "--where", "a = 1", "--output", path("none"))
                .failsWith(1, "--data: found data/mnist, expected a table");
        String json = write("weights.json", "{\"layers\": [{\"weights\": [[1, 2, 3, 4]], \"biases\": [5]}]}");
        ok("import", json, path("images"));
        run("explain", "--model", path("images"), "--where", "a = 1", "--output", path("none"))
                .failsWith(1, "--where: found a model of images", "expected one of a table's columns", "--id");
        assertThat(temporary.resolve("none")).doesNotExist();
    }

    private static Result runWith(String[] arguments, String... more) {
        return run(Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void aRowOfARegressionIsFollowedInTheScaleOfItsTargets() throws IOException {
        String rows = IntStream.range(0, 300)
                .mapToObj(k -> k % 20 + "," + k % 7 + "," + (1e6 + 5_000 * (k % 20) - 700 * (k % 7)) + "," + k % 5)
                .collect(Collectors.joining("\n", "size,age,price,rooms\n", "\n"));
        String houses = write("houses.csv", rows);
        String model = path("houses");
        ok("train", "--data", houses, "--target", "price,rooms", "--iterations", "50", "--model", model);
        // There are two such rows, and the model cannot tell them apart.
        String explanation = ok(
                        "explain",
                        "--model",
                        model,
                        "--data",
                        houses,
                        "--where",
                        "size = 3 and age = 2 and rooms = 3",
                        "--output",
                        path("row"))
                .out();
        assertThat(explanation)
                .contains(", price 1013600, rooms 3\n")
                .containsPattern("prediction price \\d+(\\.\\d+)?, is 1013600\n")
                .contains("loss = sum of (z - t)^2 / 2 = ", "to price", "to rooms")
                .containsPattern("total +300 ");
        Map<String, Double> parts = column(explanation, "size", "age", "without inputs", "prediction");
        assertThat(parts.get("size") + parts.get("age") + parts.get("without inputs"))
                .isCloseTo(parts.get("prediction"), within(1e-3));
        Matcher rooms = Pattern.compile("prediction rooms (\\S+), is 3\n").matcher(explanation);
        assertThat(rooms.find()).isTrue();
        assertThat(Double.parseDouble(rooms.group(1))).isCloseTo(parts.get("prediction"), within(1e-3));
        assertThat(svg(path("row"), "explain")).contains("price predicted ", ">targets t", ">output delta");
    }

    @ParameterizedTest
    @CsvSource({
        "--label species, '3 classes: setosa, versicolor, virginica'",
        "--features sepal_length --target petal_length --target petal_width, 'targets: petal_length, petal_width'"
    })
    void aModelThatIsExportedAndImportedIsTheSame(String columns, String described) throws IOException {
        String model = path("model");
        String train =
                "train --data " + FLOWERS + " " + columns + " --iterations 20 --hidden-layers 4 --model " + model;
        String digest = ok(train.split(" ")).digest();
        ok("export", model, path("model.json"));
        String again = path("again");
        assertThat(ok("import", path("model.json"), again).digest()).isEqualTo(digest);
        assertThat(ok("describe", "--model", again).out()).contains(described, "imported from");
        for (String each : new String[] {model, again}) {
            ok("predict", "--model", each, "--data", FLOWERS, "--output", each + ".jsonl");
        }
        assertThat(Path.of(again + ".jsonl")).hasSameTextualContentAs(Path.of(model + ".jsonl"));
    }

    @Test
    void settingsThatAreGivenWinOverThoseThatSuitTheData() {
        assertThat(ok(
                                "train",
                                "--data",
                                FLOWERS,
                                "--model",
                                path("m"),
                                "--iterations",
                                "3",
                                "--optimizer",
                                "momentum",
                                "--hidden-layers",
                                "5,4",
                                "--balanced",
                                "--validation-fraction",
                                "0.2",
                                "--patience",
                                "0")
                        .out())
                .contains("network 4,5,4,3")
                .contains("rows held out");
        assertThat(ok("describe", "--model", path("m")).out())
                .contains("optimizer           momentum")
                .contains("learning-rate       0.01");
    }

    @Test
    void numbersArePredictedToo() throws IOException {
        String rows = IntStream.range(0, 200)
                .mapToObj(k -> k % 20 + "," + k % 7 + "," + (1e6 + 5_000 * (k % 20) - 700 * (k % 7)))
                .collect(Collectors.joining("\n", "size,age,price\n", "\n"));
        String houses = write("houses.csv", rows);
        String model = path("houses");
        assertThat(ok("train", "--data", houses, "--target", "price", "--iterations", "400", "--model", model)
                        .out())
                .contains("target: price")
                .doesNotContain("NaN")
                .doesNotContain("accuracy");
        assertThat(ok("evaluate", "--model", model, "--data", houses).out())
                .containsPattern("price: RMSE [0-9.e+]+, MAE [0-9.e+]+, R2 0\\.9[0-9]+ on 200 rows");
        ok("evaluate", "--model", model, "--data", houses, "--output", path("evaluation"));
        assertThat(temporary.resolve("evaluation/evaluation.json")).content().contains("\"target\" : \"price\"");
        assertThat(svg(path("evaluation"), "predicted-and-actual"))
                .contains(">price", ", 200 rows", ">1,000,000", "<image ");
        // A target that is not known is no reason not to draw the others.
        String unknown = write("unknown.csv", rows + "3,4,NaN\n");
        ok("evaluate", "--model", model, "--data", unknown, "--output", path("unknown"));
        assertThat(svg(path("unknown"), "predicted-and-actual")).contains(">price");
        ok("predict", "--model", model, "--data", houses, "--output", path("p.jsonl"));
        assertThat(temporary.resolve("p.jsonl")).content().contains("\"prediction\":");
        assertThat(ok("describe", "--model", model).out())
                .contains("target: price")
                .doesNotContain("NaN");
    }

    @Test
    void picturesInFoldersAreATableToo() throws IOException {
        for (int k = 0; k < 24; k++) {
            BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(k % 4, k / 4 % 4, 0, 255);
            image.getRaster().setSample(k % 2 * 3, 3, 0, 200);
            Path folder = Files.createDirectories(temporary.resolve("pictures/" + (k % 2 == 0 ? "left" : "right")));
            ImageIO.write(image, "png", folder.resolve(k + ".png").toFile());
        }
        String model = path("model");
        assertThat(ok("train", "--data", path("pictures"), "--iterations", "60", "--model", model)
                        .out())
                .contains("pictures of 4 x 4 pixels in folders of 2 classes")
                .contains("2 classes: left, right");
        assertThat(ok("evaluate", "--model", model, "--data", path("pictures")).out())
                .contains("of 24 rows");
        ok("weights", "--model", model, "--data", path("pictures"), "--output", path("weights"));
        assertThat(svg(path("weights"), "weights")).contains("<image ").doesNotContain("standardised");
        ok(
                "explain",
                "--model",
                model,
                "--data",
                path("pictures"),
                "--where",
                "path like '%/3.png'",
                "--output",
                path("e"));
        assertThat(svg(path("e"), "explain")).contains("<image ", "label right: predicted ");
        assertThat(ok("predict", "--model", model, "--data", path("pictures/left"), "--output", path("left.csv"))
                        .out())
                .contains("pictures of 4 x 4 pixels in one folder");
        assertThat(Files.readAllLines(temporary.resolve("left.csv")))
                .hasSize(13)
                .first()
                .isEqualTo("path,label,prediction");
    }

    private List<Row> predicted(String model, String data) {
        String output = path("predicted.parquet");
        ok("predict", "--model", model, "--data", data, "--output", output, "--overwrite");
        return SparkTest.session()
                .read()
                .parquet(output)
                .orderBy("id")
                .select("id", "prediction")
                .collectAsList();
    }

    @Test
    void aModelOfImagesPredictsThemHoweverTheyAreGiven() throws IOException {
        SparkSession spark = SparkTest.session();
        String model = path("mnist");
        ok("train", "--iterations", "20", "--model", model);
        ok("evaluate", "--model", model, "--output", path("evaluation"));
        List<Row> expected = spark.read()
                .parquet(path("evaluation/predictions.parquet"))
                .orderBy("id")
                .select("id", "prediction")
                .collectAsList();
        assertThat(expected).hasSize(10_000);
        assertThat(predicted(model, "data/mnist")).isEqualTo(expected);
        assertThat(predicted(model, "data/mnist/t10k-images-idx3-ubyte.gz")).isEqualTo(expected);

        DataDirectory.open(spark, "data/mnist", Split.TEST, 10).rows().write().parquet(path("floats.parquet"));
        assertThat(predicted(model, path("floats.parquet"))).isEqualTo(expected);

        Column[] pixels = IntStream.range(0, 784)
                .mapToObj(k -> expr("int(conv(hex(substring(features, " + (k + 1) + ", 1)), 16, 10))")
                        .as("pixel" + k))
                .toArray(Column[]::new);
        Dataset<Row> few = IdxImages.open(spark, "data/mnist").orElseThrow().limit(50);
        few.select(pixels).coalesce(1).write().option("header", true).csv(path("pixels"));
        ok("predict", "--model", model, "--data", path("pixels"), "--output", path("few.csv"), "--columns", "pixel0");
        assertThat(Files.readAllLines(temporary.resolve("few.csv")).stream()
                        .skip(1)
                        .map(line -> line.substring(line.indexOf(',') + 1)))
                .isEqualTo(expected.stream()
                        .limit(50)
                        .map(row -> String.valueOf(row.getInt(1)))
                        .toList());
        run("predict", "--model", model, "--data", FLOWERS, "--output", path("none.csv"))
                .failsWith(1, "found 5 columns, expected one called features, or 784, one for each pixel");
    }

    @Test
    void trainingBeginsWithAModel() throws IOException {
        String begun = path("begun");
        ok("train", "--data", FLOWERS, "--iterations", "20", "--model", begun);
        assertThat(ok("train", "--data", FLOWERS, "--from", begun, "--iterations", "20", "--model", path("on"))
                        .out())
                .contains("begins with " + begun + ", SHA-256 ")
                .contains("label: species");
        assertThat(ok("describe", "--model", path("on")).out()).contains("  from  ");
        run("train", "--data", FLOWERS, "--from", begun, "--target", "petal_width", "--model", path("m"))
                .failsWith(1, "--target: found petal_width beside --from a model of classes");
        String numbers = path("numbers");
        ok(
                "train",
                "--data",
                FLOWERS,
                "--features",
                "petal_length",
                "--target",
                "petal_width",
                "--iterations",
                "9",
                "--model",
                numbers);
        ok("train", "--data", FLOWERS, "--from", numbers, "--iterations", "9", "--model", path("numbers-on"));
        run("train", "--data", FLOWERS, "--from", numbers, "--balanced", "--model", path("m"))
                .failsWith(1, "--balanced: found beside --from a model of numbers");
        run("train", "--from", begun, "--model", path("m")).failsWith(1, "found a model of a table's columns");
        run("train", "--from", path("none"), "--model", path("m")).failsWith(1, "found no model");
        run("train", "--data", FLOWERS, "--from", "src/test/resources/models/format-2", "--model", path("m"))
                .failsWith(1, "format-2: found a model of images, expected one of a table's columns");
        run("explain", "--model", begun, "--data", FLOWERS, "--where", "nonsense(", "--output", path("e"))
                .failsWith(1, "--where: found nonsense(, expected a condition in SQL", "[PARSE_SYNTAX_ERROR]");
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        run("train", "--data", FLOWERS, "--label", "kind", "--model", path("m"))
                .failsWith(1, "expected one called kind");
        run("train", "--data", FLOWERS, "--features", "petal_length,petal", "--model", path("m"))
                .failsWith(1, "expected one called petal");
        run("train", "--data", FLOWERS, "--target", "petal_width", "--balanced", "--model", path("m"))
                .failsWith(1, "--target: found petal_width beside --balanced");
        run("train", "--features", "a", "--model", path("m")).failsWith(1, "expected a table");
        run("train", "--data", write("holes.csv", "a,b,label\n1,2,x\n3,,y\n"), "--model", path("m"))
                .failsWith(1, "found null or NaN in column b", "--missing skip");
        run("predict", "--data", FLOWERS, "--output", path("p.csv"), "--model", path("none"))
                .failsWith(1, "found no model");
        assertThat(temporary.resolve("m")).doesNotExist();
    }
}

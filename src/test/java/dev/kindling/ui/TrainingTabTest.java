package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.FirstAttemptsFail;
import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.storage.Model;
import dev.kindling.training.Recipe;
import dev.kindling.training.Recipes;
import dev.kindling.training.Run;
import dev.kindling.training.Trainer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tab as Spark serves it, after a real run. */
class TrainingTabTest {
    private static final Architecture LAYERS = Architecture.parse("784,5,3");
    private static final Recipe.Validation VALIDATION = new Recipe.Validation(0.25, 2, 0);
    private static final String NAME = "<script>alert(1)</script>";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    private static Run run;
    private static JsonNode json;

    private static LabelledRows rows() {
        Random random = new Random(4);
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < 2_000; id++) {
            float[] features = new float[784];
            for (int k = 0; k < features.length; k++) {
                features[k] = random.nextInt(5) == 0 ? random.nextFloat() : 0f;
            }
            rows.add(RowFactory.create(id, random.nextInt(3), features));
        }
        return new LabelledRows(
                SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA), 2_000, 784, "random rows");
    }

    /** Every task fails once: what is counted must not be counted twice. */
    @BeforeAll
    static void train() throws Exception {
        Recipe recipe = Recipes.with(Recipes.classic(LAYERS, 7), Recipe.OptimizerKind.GD, 0.1, VALIDATION);
        SparkContext context = SparkTest.session().sparkContext();
        try (PackedRows packed = PackedRows.pack(rows(), LAYERS, 3, 1, 0.25)) {
            run = new Run(recipe, packed);
            try (TrainingEvents events = new TrainingEvents(context, Map.of(run, NAME));
                    FirstAttemptsFail failing = new FirstAttemptsFail()) {
                new Trainer(packed, recipe, events).train(run, () -> false);
                assertThat(failing.failures()).isPositive();
            }
        }
        context.listenerBus().waitUntilEmpty();
        for (JsonNode each : JSON.readTree(get("/training/json").body())) {
            json = each; // the last: other tests of this session may have had runs too
        }
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(
                SparkTest.session().sparkContext().uiWebUrl().get().replaceFirst("//[^:]*", "//127.0.0.1") + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static HttpResponse<String> post(String type, String body) throws IOException, InterruptedException {
        return send(request("/training/digit/")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> drawAs(String user) throws IOException, InterruptedException {
        return send(request("/training/digit/")
                .header("Content-Type", "application/json")
                .header(NamedUser.HEADER, user)
                .POST(HttpRequest.BodyPublishers.ofString(drawing(784, "0.5"))));
    }

    private static String drawing(int pixels, String pixel) {
        String all = Arrays.stream(new String[pixels]).map(none -> pixel).collect(Collectors.joining(","));
        return "{\"run\":" + json.get("run") + ",\"pixels\":[" + all + "]}";
    }

    @Test
    void thePageIsOneOfSparksTabs() throws Exception {
        HttpResponse<String> response = get("/training/?run=" + json.get("run"));
        assertThat(response.statusCode()).isEqualTo(200);
        Document page = Jsoup.parse(response.body());
        assertThat(page.select("nav a").eachText()).contains("Training", "Jobs", "Stages");
        assertThat(page.select("h4").eachText())
                .contains(
                        NAME,
                        "Learning",
                        "Last steps",
                        "Partitions",
                        "Hidden units",
                        "Confusion matrix",
                        "Draw a digit");
        assertThat(page.select("script").eachText()).noneMatch(script -> script.contains("alert"));
        assertThat(get("/jobs/").body()).contains("/training/");
    }

    @Test
    void scriptAndStyleAreServedAndNothingElse() throws Exception {
        assertThat(get("/training/static/training.js").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
        assertThat(get("/training/static/training.css").body()).contains(".k-chart");
        assertThat(get("/training/static/TrainingTab.class").statusCode()).isEqualTo(404);
        assertThat(get("/training/static/").statusCode()).isEqualTo(404);
    }

    @Test
    void theJsonSaysWhatTheRunIs() {
        assertThat(json.get("name").asText()).isEqualTo(NAME);
        assertThat(json.get("status").asText()).isEqualTo("finished");
        assertThat(json.get("layers").asText()).isEqualTo("784,5,3");
        assertThat(json.get("recipe").get("learning-rate").asText()).isEqualTo("0.1");
        assertThat(json.get("step").asInt()).isEqualTo(7);
        assertThat(json.get("history")).hasSize(7);
        JsonNode last = json.get("history").get(6);
        assertThat(last.get("loss").asDouble()).isEqualTo(run.last().loss());
        assertThat(last.get("validationLoss").asDouble()).isEqualTo(run.last().validationLoss());
        assertThat(json.get("history").get(0).get("validationLoss").isNull()).isTrue();
        assertThat(json.get("evaluations")).hasSize(4); // steps 2, 4, 6 and the last
        assertThat(json.get("state").get("parametersSha256").asText()).isEqualTo(Model.digest(run.parameters()));
    }

    /** The names that docs/training-tab.md promises. */
    @Test
    void theNamesOfTheJsonStay() {
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "run",
                        "name",
                        "status",
                        "why",
                        "begun",
                        "layers",
                        "data",
                        "trainingRows",
                        "validationRows",
                        "fingerprint",
                        "kernels",
                        "step",
                        "steps",
                        "rowsPerSecond",
                        "secondsLeft",
                        "recipe",
                        "seconds",
                        "history",
                        "evaluations",
                        "recent",
                        "state");
        assertThat(json.get("seconds").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("gradient", "waiting", "spark", "validation", "driver");
        assertThat(json.get("recent").get(0).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "step",
                        "loss",
                        "accuracy",
                        "validationLoss",
                        "validationAccuracy",
                        "learningRate",
                        "rows",
                        "time",
                        "gradientSeconds",
                        "waitingSeconds",
                        "sparkSeconds",
                        "validationSeconds",
                        "driverSeconds",
                        "gradientNorms",
                        "deadUnits",
                        "job");
        assertThat(json.get("state").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "step", "parametersSha256", "confusionStep", "deadUnits", "confusion", "partitions");
    }

    @Test
    void aTaskThatWasRetriedCountsOnce() {
        long rows = 0;
        for (JsonNode partition : json.get("state").get("partitions")) {
            rows += partition.get("rows").asLong();
        }
        assertThat(rows).isEqualTo(7 * run.data().trainingRows());
        long heldOut = 0;
        for (JsonNode actual : json.get("state").get("confusion")) {
            for (JsonNode count : actual) {
                heldOut += count.asLong();
            }
        }
        assertThat(heldOut).isEqualTo(run.data().validationRows());
    }

    @Test
    void aStepNamesTheJobOfItsRound() throws Exception {
        JsonNode step = json.get("recent").get(1);
        Matcher steps = Pattern.compile("steps (\\d+) to (\\d+) of 7")
                .matcher(get("/jobs/job/?id=" + step.get("job")).body());
        assertThat(steps.find()).isTrue();
        // One round on most machines; where steps are slow, several.
        assertThat(step.get("step").asInt())
                .isBetween(Integer.parseInt(steps.group(1)), Integer.parseInt(steps.group(2)));
    }

    @Test
    void aDrawingGetsProbabilitiesAndActivations() throws Exception {
        HttpResponse<String> response = post("application/json", drawing(784, "0.5"));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        double sum = 0;
        for (JsonNode probability : answer.get("probabilities")) {
            sum += probability.asDouble();
        }
        assertThat(answer.get("probabilities")).hasSize(3);
        assertThat(sum).isCloseTo(1, within(1e-12));
        assertThat(answer.get("activations").get(0)).hasSize(5);
        assertThat(answer.get("step").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "783, 0.5",
        "785, 0.5",
        "0, 0.5",
        "784, 1.0001",
        "784, -0.1",
        "784, \"a\"",
        "784, null",
        "784, [0]",
        "784, 1e999"
    })
    void otherDrawingsAreRefused(int pixels, String pixel) throws Exception {
        HttpResponse<String> response = post("application/json", drawing(pixels, pixel));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).get("error").asText()).contains("784 pixels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"run\":1}", "{\"run\":-1,\"pixels\":[]}", "{\"run\":\"x\"}"})
    void whatIsNoDrawingIsRefused(String body) throws Exception {
        assertThat(post("application/json", body).statusCode()).isBetween(400, 404);
    }

    @Test
    void aRequestIsNoLongerThanADrawing() throws Exception {
        assertThat(post("application/json", drawing(784, "0." + "1".repeat(30))).statusCode())
                .isEqualTo(413);
        assertThat(post("application/json", "[".repeat(19_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void aDrawingIsPostedAsJson() throws Exception {
        assertThat(post("text/plain", drawing(784, "0.5")).statusCode()).isEqualTo(415);
        assertThat(get("/training/digit/").statusCode()).isEqualTo(405);
        assertThat(send(request("/training/digit/").DELETE()).statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/training/", "/training/json/", "/training/static/training.js", "/training/digit/"})
    void whoMayNotSeeTheUiSeesNothingOfTheTab(String path) throws Exception {
        assertThat(send(request(path).header(NamedUser.HEADER, "mallory")).statusCode())
                .isEqualTo(403);
        assertThat(send(request(path).header(NamedUser.HEADER, NamedUser.MAY_LOOK))
                        .statusCode())
                .isIn(200, 405);
    }

    @Test
    void whoMayNotSeeTheUiMayNotDraw() throws Exception {
        assertThat(drawAs("mallory").statusCode()).isEqualTo(403);
        assertThat(drawAs(NamedUser.MAY_LOOK).statusCode()).isEqualTo(200);
    }

    @Test
    void metricsHaveStableNames() throws Exception {
        JsonNode gauges = JSON.readTree(get("/metrics/json/").body()).get("gauges");
        String prefix = SparkTest.session().sparkContext().applicationId() + ".driver.plugin."
                + TrainingPlugin.class.getName() + ".";
        assertThat(gauges.fieldNames())
                .toIterable()
                .filteredOn(name -> name.startsWith(prefix))
                .extracting(name -> name.substring(prefix.length()))
                .containsExactlyInAnyOrder("loss", "accuracy", "step", "gradientNorm", "deadUnits", "rowsPerSecond");
        assertThat(gauges.get(prefix + "step").get("value").isNumber()).isTrue();
    }
}

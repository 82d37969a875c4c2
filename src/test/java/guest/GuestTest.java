package guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Kindling as a guest in somebody's session: it changes no setting, leaves nothing behind, and shares it. */
class GuestTest {
    private static final SparkSession SPARK = SparkTest.session();
    private static final SparkContext CONTEXT = SPARK.sparkContext();

    /** Longer than the first round. */
    private static final int STEPS = 60;

    private static Dataset<Row> rows() {
        return SPARK.range(2_000).selectExpr("id % 7 as a", "id % 11 / 3D as b", "id % 7 div 3 as label");
    }

    private static Classifier classifier() {
        return new Classifier().hiddenLayers(8).recipe(recipe -> recipe.iterations(STEPS));
    }

    private static Regressor regressor() {
        return new Regressor().target("b").hiddenLayers(8).recipe(recipe -> recipe.iterations(STEPS));
    }

    /** All that a caller does with a model. */
    private static void useAll(Path directory) {
        String path = directory.resolve("model").toString();
        ClassifierModel model = classifier().heldOut(0.2).fit(rows());
        model.save(path);
        assertThat(ClassifierModel.load(SPARK, path)
                        .transform(rows())
                        .where("prediction is null")
                        .count())
                .isZero();
        model.save(path, true);
        regressor().fit(rows()).transform(rows()).collectAsList();
        assertThatThrownBy(() -> classifier().label("no").fit(rows())).isInstanceOf(KindlingException.class);
    }

    /** One that fails after its rows have been packed. */
    private static void fail() {
        assertThatThrownBy(() ->
                        regressor().recipe(recipe -> recipe.learningRate(1e30)).fit(rows()))
                .isInstanceOf(KindlingException.class);
        assertThatThrownBy(() -> classifier()
                        .listener(step -> {
                            throw new IllegalStateException("the caller's own");
                        })
                        .fit(rows()))
                .hasMessage("the caller's own");
    }

    @Test
    void itPrintsNothing(@TempDir Path directory) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream all = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(all);
        System.setErr(all);
        try {
            useAll(directory);
            fail();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whatTheThreadSaysOfItsJobsStaysAsItWas(@TempDir Path directory) {
        CONTEXT.setJobGroup("the caller's group", "the caller's job", true);
        CONTEXT.setLocalProperty("spark.scheduler.pool", "the caller's pool");
        CONTEXT.setLocalProperty("callers.own", "property");
        try {
            Properties before = (Properties) CONTEXT.getLocalProperties().clone();
            assertThat(before).hasSizeGreaterThanOrEqualTo(5);
            useAll(directory);
            fail();
            assertThat(CONTEXT.getLocalProperties()).isEqualTo(before);
        } finally {
            CONTEXT.clearJobGroup();
            CONTEXT.setLocalProperty("spark.scheduler.pool", null);
            CONTEXT.setLocalProperty("callers.own", null);
        }
        Properties none = (Properties) CONTEXT.getLocalProperties().clone();
        classifier().fit(rows());
        assertThat(CONTEXT.getLocalProperties()).isEqualTo(none);
    }

    /** Those that other tests have left in the session are there too. */
    private static List<String> tables() {
        return SPARK.catalog()
                .listTables()
                .select("name")
                .orderBy("name")
                .as(Encoders.STRING())
                .collectAsList();
    }

    @Test
    void nothingIsLeftInTheSession(@TempDir Path directory) {
        Set<Object> cached = persisted();
        String conf = SPARK.conf().getAll().toString();
        List<String> tables = tables();
        useAll(directory);
        assertThat(persisted()).isEqualTo(cached);
        fail();
        assertThat(persisted()).isEqualTo(cached);
        assertThat(CONTEXT.getCheckpointDir().isEmpty()).isTrue();
        assertThat(SPARK.conf().getAll()).hasToString(conf);
        assertThat(tables()).isEqualTo(tables);
        assertThat(CONTEXT.isStopped()).isFalse();
        assertThat(SparkSession.active()).isSameAs(SPARK);
        assertThat(SPARK.range(3).count()).isEqualTo(3);
    }

    private static Set<Object> persisted() {
        return Set.copyOf(
                CollectionConverters.asJava(CONTEXT.getPersistentRDDs()).keySet());
    }

    /** Rows of which many are equal are cached twice for a while. */
    @Test
    void rowsThatAreEqualAreFreedToo() {
        Set<Object> cached = persisted();
        Dataset<Row> equal = SPARK.range(3_000).selectExpr("id % 2 as a", "id % 2 = 0 as label");
        classifier().fit(equal);
        assertThat(persisted()).isEqualTo(cached);
    }

    @Test
    void aListenerHearsOfEveryStepInOrder() {
        List<Integer> heard = new ArrayList<>();
        ClassifierModel model =
                classifier().listener(step -> heard.add(step.number())).fit(rows());
        assertThat(heard)
                .isEqualTo(IntStream.rangeClosed(1, STEPS).boxed().toList())
                .hasSameSizeAs(model.history());
    }

    @Test
    void twoFitsAtOnceGiveWhatEachGivesAlone() throws Exception {
        String classifier = classifier().fit(rows()).digest();
        String regressor = regressor().fit(rows()).digest();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<String> one = threads.submit(() -> classifier().fit(rows()).digest());
            Future<String> other = threads.submit(() -> regressor().fit(rows()).digest());
            assertThat(one.get()).isEqualTo(classifier);
            assertThat(other.get()).isEqualTo(regressor);
        } finally {
            threads.shutdownNow();
        }
    }

    /** A table may be cached, and still is afterwards. */
    @Test
    void whatTheCallerCachedStaysCached() {
        Dataset<Row> cached = rows().cache();
        try {
            cached.count();
            assertThat(classifier().fit(cached).digest())
                    .isEqualTo(classifier().fit(rows()).digest());
            assertThat(cached.storageLevel().useMemory()).isTrue();
        } finally {
            cached.unpersist(true);
        }
    }

    @Test
    void aStreamIsPredictedToo(@TempDir Path directory) throws Exception {
        String files = directory.resolve("rows").toString();
        rows().repartition(3).write().parquet(files);
        Dataset<Row> stream = SPARK.readStream()
                .schema(rows().schema())
                .option("maxFilesPerTrigger", 1)
                .parquet(files);
        ClassifierModel classifier = classifier().fit(rows());
        RegressorModel regressor = regressor().fit(rows());
        Dataset<Row> predicted =
                regressor.transform(classifier.transform(stream).withColumnRenamed("prediction", "class"));
        StreamingQuery query = predicted
                .writeStream()
                .format("memory")
                .queryName("predicted")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        try {
            query.awaitTermination();
            Dataset<Row> batch =
                    regressor.transform(classifier.transform(rows()).withColumnRenamed("prediction", "class"));
            Dataset<Row> streamed = SPARK.table("predicted");
            assertThat(streamed.columns()).isEqualTo(batch.columns());
            assertThat(streamed.count()).isEqualTo(2_000);
            assertThat(streamed.exceptAll(batch).count()).isZero();
        } finally {
            query.stop();
            SPARK.catalog().dropTempView("predicted");
        }
    }
}

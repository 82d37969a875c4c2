package guest.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.ml.KindlingClassificationModel;
import dev.kindling.ml.KindlingClassifier;
import dev.kindling.ml.KindlingRegressionModel;
import dev.kindling.ml.KindlingRegressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.Tokenizer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag;

/** Estimators and models among other stages: saved, loaded, tuned, and on streams. */
@Tag("slow")
class StagesTest {
    @TempDir
    private Path directory;

    private static KindlingClassifier quick() {
        return new KindlingClassifier().setHiddenLayers(4).setMaxIter(5);
    }

    private static List<Row> probabilities(Transformer model, Dataset<Row> rows) {
        return model.transform(rows).select("probability", "prediction").collectAsList();
    }

    private String place(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void anEstimatorIsReadAsItWasWritten() throws IOException {
        KindlingClassifier classifier = new KindlingClassifier()
                .setLayers(new int[] {2, 3, 2})
                .setMaxIter(5)
                .setBlockSize(2)
                .setSeed(42)
                .setTol(0.1)
                .setInitialWeights(Vectors.dense(1, new double[] {2, 3}))
                .setFeaturesCol("myFeatures")
                .setLabelCol("myLabel")
                .setPredictionCol("myPrediction");
        classifier.save(place("classifier"));
        KindlingClassifier read = KindlingClassifier.load(place("classifier"));
        assertThat(read.uid()).isEqualTo(classifier.uid());
        assertThat(read.params()).allSatisfy(param -> {
            assertThat(read.isSet(param)).isEqualTo(classifier.isSet(classifier.getParam(param.name())));
            if (read.isDefined(param)) {
                assertThat(read.getOrDefault(param))
                        .isEqualTo(classifier.getOrDefault(classifier.getParam(param.name())));
            }
        });
        assertThatThrownBy(() -> classifier.save(place("classifier"))).isInstanceOf(IOException.class);
        classifier.write().overwrite().save(place("classifier"));
    }

    @Test
    void aModelIsReadAsItWasWritten() throws IOException {
        KindlingClassificationModel model = quick().setFeaturesCol("features").fit(Tables.clouds(60));
        model.setPredictionCol("mine");
        model.save(place("model"));
        KindlingClassificationModel read = KindlingClassificationModel.load(place("model"));
        assertThat(read.uid()).isEqualTo(model.uid());
        assertThat(read.getPredictionCol()).isEqualTo("mine");
        assertThat(read.getMaxIter()).isEqualTo(5);
        assertThat(read.getLayers()).containsExactly(3, 4, 3);
        assertThat(read.weights()).isEqualTo(model.weights());
        assertThat(read.hasSummary()).isFalse();
        assertThat(read.kindling().digest()).isEqualTo(model.kindling().digest());
        assertThat(read.transform(Tables.clouds(60)).collectAsList())
                .isEqualTo(model.transform(Tables.clouds(60)).collectAsList());
        assertThatThrownBy(() -> model.save(place("model"))).isInstanceOf(IOException.class);
        model.write().overwrite().save(place("model"));
        assertThatThrownBy(() -> KindlingRegressionModel.load(place("model"))).isInstanceOf(RuntimeException.class);
    }

    /** HashingTF makes 262,144 features of a text, of which a row has few. */
    @Test
    void aTextIsHashedToAsManyFeaturesAsSparkLikes() throws IOException {
        List<Row> texts = new ArrayList<>();
        for (int k = 0; k < 60; k++) {
            texts.add(RowFactory.create(
                    k % 2 == 0 ? "a b c d e spark " + k : "hadoop mapreduce f g " + k, k % 2 == 0 ? 1.0 : 0.0));
        }
        Dataset<Row> rows = SparkTest.session()
                .createDataFrame(
                        texts,
                        new StructType().add("text", DataTypes.StringType).add("label", DataTypes.DoubleType));
        Dataset<Row> features = new HashingTF()
                .setInputCol("words")
                .setOutputCol("features")
                .transform(new Tokenizer()
                        .setInputCol("text")
                        .setOutputCol("words")
                        .transform(rows));
        KindlingClassificationModel model = new KindlingClassifier()
                .setLayers(new int[] {1 << 18, 2, 2})
                .setMaxIter(20)
                .fit(features);
        model.save(place("text"));
        Dataset<Row> predicted = KindlingClassificationModel.load(place("text")).transform(features);
        assertThat(predicted.where("prediction = label").count()).isEqualTo(60);
        assertThat(predicted.select("prediction").collectAsList())
                .isEqualTo(model.transform(features).select("prediction").collectAsList());
    }

    /** As Spark Connect keeps models: plain files on the driver, whatever the default file system is. */
    @Test
    void aModelIsSavedOnTheDriverAlone() throws IOException {
        KindlingClassificationModel model = quick().fit(Tables.clouds(60));
        model.write().saveToLocal(place("local"));
        try (Stream<Path> files = Files.walk(directory.resolve("local"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .extracting(
                            file -> directory.resolve("local").relativize(file).toString())
                    .contains("metadata", "model/parameters.parquet");
        }
        assertThat(KindlingClassificationModel.read()
                        .loadFromLocal(place("local"))
                        .weights())
                .isEqualTo(model.weights());
    }

    private static Pipeline flowers() {
        Dataset<Row> rows = iris();
        StringIndexerModel species =
                new StringIndexer().setInputCol("species").setOutputCol("label").fit(rows);
        VectorAssembler features = new VectorAssembler()
                .setInputCols(Arrays.stream(rows.columns())
                        .filter(name -> !name.equals("species"))
                        .toArray(String[]::new))
                .setOutputCol("features");
        IndexToString names = new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("predicted")
                .setLabels(species.labelsArray()[0]);
        return new Pipeline()
                .setStages(new PipelineStage[] {species, features, new KindlingClassifier().setMaxIter(60), names});
    }

    private static Dataset<Row> iris() {
        return Tables.SPARK
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("examples/iris.csv");
    }

    @Test
    void aPipelineIsFittedSavedAndLoaded() throws IOException {
        PipelineModel model = flowers().fit(iris());
        assertThat(model.transform(iris()).where("predicted = species").count()).isGreaterThan(144);
        model.save(place("pipeline"));
        assertThat(probabilities(PipelineModel.load(place("pipeline")), iris()))
                .isEqualTo(probabilities(model, iris()));
        flowers().save(place("unfitted"));
        assertThat(probabilities(Pipeline.load(place("unfitted")).fit(iris()), iris()))
                .isEqualTo(probabilities(model, iris()));
    }

    /** What the bus hears of runs: their names. */
    private static final class Runs extends SparkListener {
        private final ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();

        @Override
        public void onOtherEvent(SparkListenerEvent event) {
            if (event.getClass().getSimpleName().equals("TrainingStarted")) {
                names.add(event.toString());
            }
        }
    }

    @Test
    void crossValidationFitsSideBySideAndNamesEachRun() throws Exception {
        KindlingClassifier classifier = quick();
        ParamMap[] grid = new ParamGridBuilder()
                .baseOn(classifier.weightDecay().w(0.5))
                .addGrid(classifier.maxIter(), new int[] {2, 30})
                .build();
        CrossValidator validator = new CrossValidator()
                .setEstimator(classifier)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(1)
                .setParallelism(2);
        Runs runs = new Runs();
        Tables.SPARK.sparkContext().addSparkListener(runs);
        CrossValidatorModel tuned = validator.fit(Tables.clouds(120));
        Tables.SPARK.sparkContext().listenerBus().waitUntilEmpty(TimeUnit.SECONDS.toMillis(60));
        Tables.SPARK.sparkContext().removeSparkListener(runs);
        assertThat(runs.names.stream().filter(name -> name.contains("maxIter 30, weightDecay 0.5")))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(tuned.avgMetrics()).hasSize(2);
        double[] alone = validator.setParallelism(1).fit(Tables.clouds(120)).avgMetrics();
        assertThat(tuned.avgMetrics()).containsExactly(alone);
        assertThat(((KindlingClassificationModel) tuned.bestModel()).getMaxIter())
                .isEqualTo(30);
        tuned.save(place("tuned"));
        assertThat(probabilities(CrossValidatorModel.load(place("tuned")).bestModel(), Tables.clouds(120)))
                .isEqualTo(probabilities(tuned.bestModel(), Tables.clouds(120)));
        validator.save(place("validator"));
        assertThat(CrossValidator.load(place("validator")).getEstimator().uid()).isEqualTo(classifier.uid());
    }

    @Test
    void aTrainValidationSplitHoldsARegressor() throws IOException {
        KindlingRegressor regressor = new KindlingRegressor().setHiddenLayers(8).setMaxIter(30);
        TrainValidationSplitModel tuned = new TrainValidationSplit()
                .setEstimator(regressor)
                .setEvaluator(new RegressionEvaluator())
                .setEstimatorParamMaps(new ParamGridBuilder()
                        .addGrid(regressor.maxIter(), new int[] {1, 30})
                        .build())
                .fit(Tables.curve(200));
        assertThat(((KindlingRegressionModel) tuned.bestModel()).getMaxIter()).isEqualTo(30);
        tuned.save(place("tuned"));
        assertThat(TrainValidationSplitModel.load(place("tuned"))
                        .transform(Tables.curve(200))
                        .collectAsList())
                .isEqualTo(tuned.transform(Tables.curve(200)).collectAsList());
    }

    @Test
    void aStreamIsTransformedAsATable() throws Exception {
        KindlingClassificationModel model = quick().fit(Tables.clouds(60));
        Tables.clouds(60).repartition(3).write().parquet(place("stream"));
        Dataset<Row> stream = Tables.SPARK
                .readStream()
                .schema(Tables.clouds(1).schema())
                .option("maxFilesPerTrigger", 1)
                .parquet(place("stream"));
        List<Row> found = new ArrayList<>();
        StreamingQuery query = model.transform(stream)
                .writeStream()
                .foreachBatch((rows, id) -> {
                    found.addAll(rows.collectAsList());
                })
                .option("checkpointLocation", place("checkpoint"))
                .start();
        query.processAllAvailable();
        query.stop();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        model.transform(Tables.clouds(60)).collectAsList());
    }

    @Test
    void theModelIsNotInTheTask() {
        KindlingClassificationModel model = new KindlingClassifier()
                .setLayers(new int[] {3, 20_000, 3})
                .setMaxIter(1)
                .fit(Tables.clouds(30));
        Vector weights = model.weights();
        assertThat(weights.size()).isEqualTo(140_003);
        RDD<InternalRow> query =
                model.transform(Tables.clouds(30)).queryExecution().toRdd();
        int bytes = SparkEnv.get() // as the scheduler makes a task of it
                .closureSerializer()
                .newInstance()
                .serialize(query, ClassTag.apply(RDD.class))
                .limit();
        assertThat(bytes).isBetween(1_000, 100_000);
    }

    @Test
    @SuppressWarnings("rawtypes") // as Spark Connect asks for them
    void sparkConnectFindsAllOfThem() {
        assertThat(ServiceLoader.load(Estimator.class).stream()
                        .map(each -> each.type().getName()))
                .contains(KindlingClassifier.class.getName(), KindlingRegressor.class.getName());
        assertThat(ServiceLoader.load(Transformer.class).stream()
                        .map(each -> each.type().getName()))
                .contains(KindlingClassificationModel.class.getName(), KindlingRegressionModel.class.getName());
        assertThat(new KindlingClassificationModel().params()).isNotEmpty();
        assertThat(new KindlingRegressionModel().params()).isNotEmpty();
    }

    @Test
    void theProbabilitiesOfOneStageAreTheFeaturesOfAnother() {
        KindlingClassifier first = quick().setPredictionCol("guess");
        KindlingClassifier second = quick().setFeaturesCol("probability")
                .setProbabilityCol("secondProbability")
                .setRawPredictionCol("secondRaw");
        PipelineModel stacked =
                new Pipeline().setStages(new PipelineStage[] {first, second}).fit(Tables.clouds(120));
        assertThat(stacked.transform(Tables.clouds(120)).columns())
                .contains("guess", "probability", "secondProbability", "prediction");
    }
}

import dev.kindling.ml.KindlingClassificationModel;
import dev.kindling.ml.KindlingClassifier;
import dev.kindling.ml.KindlingRegressionModel;
import dev.kindling.ml.KindlingRegressor;
import java.util.Arrays;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Kindling as stages of Spark ML. Arguments: the flowers' table, and a place for a pipeline. */
public final class Pipelines {
    private Pipelines() {}

    /** Fits, saves and tunes pipelines. */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder().appName("pipelines").getOrCreate();
        Dataset<Row> flowers =
                spark.read().option("header", true).option("inferSchema", true).csv(arguments[0]);

        StringIndexer label = new StringIndexer().setInputCol("species").setOutputCol("label");
        VectorAssembler assembler = new VectorAssembler()
                .setInputCols(new String[] {"sepal_length", "sepal_width", "petal_length", "petal_width"})
                .setOutputCol("features");
        KindlingClassifier classifier = new KindlingClassifier().setHiddenLayers(16);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {label, assembler, classifier});
        PipelineModel model = pipeline.fit(flowers);

        Dataset<Row> scored = model.transform(flowers);
        double accuracy = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(scored);
        System.out.printf("accuracy %.2f%n", accuracy);

        model.write().overwrite().save(arguments[1]);
        PipelineModel loaded = PipelineModel.load(arguments[1]);
        System.out.println("the same predictions: "
                + loaded.transform(flowers).collectAsList().equals(scored.collectAsList()));

        KindlingClassificationModel network = (KindlingClassificationModel) model.stages()[2];
        double[] losses = network.summary().objectiveHistory();
        System.out.printf("the loss went from %.2f to %.2f%n", losses[0], losses[losses.length - 1]);

        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(classifier.maxIter(), new int[] {10, 100})
                .build();
        CrossValidatorModel tuned = new CrossValidator()
                .setEstimator(pipeline)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(grid)
                .setParallelism(2)
                .fit(flowers);
        System.out.println("mean log losses " + Arrays.toString(tuned.avgMetrics()));

        KindlingRegressionModel width = new KindlingRegressor()
                .setLabelCol("petal_width")
                .fit(assembler
                        .copy(new ParamMap())
                        .setInputCols(new String[] {"sepal_length", "sepal_width", "petal_length"})
                        .transform(flowers));
        System.out.printf("R2 %.2f%n", width.summary().r2());
    }
}

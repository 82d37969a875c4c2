package dev.kindling.benchmarks;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;

import dev.kindling.data.files.Split;
import java.util.concurrent.TimeoutException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spark MLlib's MultilayerPerceptronClassifier, 784-10-10, on the same rows in the same session. */
final class Mllib implements AutoCloseable {
    static final String SCALED = "scaled";

    private final SparkSession spark;
    private final Dataset<Row> train;
    private final OptimiserClock clock = new OptimiserClock();

    Mllib(SparkSession spark) {
        this.spark = spark;
        this.train = rows(spark, Split.TRAIN).cache();
        spark.sparkContext().addSparkListener(clock);
    }

    private static Dataset<Row> rows(SparkSession spark, Split split) {
        return Kindling.open(spark, split)
                .rows()
                .select(
                        col("label").cast("double"),
                        array_to_vector(col("features")).as("features"));
    }

    /**
     * Columns as a vector with mean 0 and deviation 1, in column {@value #SCALED}, and what is to be trained on that.
     *
     * @param columns of numbers
     */
    static Pipeline behindScaler(String[] columns, PipelineStage last) {
        return new Pipeline()
                .setStages(new PipelineStage[] {
                    new VectorAssembler().setInputCols(columns).setOutputCol("raw"),
                    new StandardScaler().setInputCol("raw").setOutputCol(SCALED).setWithMean(true),
                    last
                });
    }

    /** @param solver {@code gd} or {@code l-bfgs} */
    Fit fit(String solver, int iterations) {
        clock.reset();
        MultilayerPerceptronClassificationModel model = new MultilayerPerceptronClassifier()
                .setLayers(new int[] {Mnist.FEATURES, 10, Mnist.CLASSES})
                .setSolver(solver)
                .setMaxIter(iterations)
                .setSeed(1)
                .fit(train);
        try {
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
        return new Fit(model, clock.jobs, clock.seconds());
    }

    /** Share of the test set that a model predicts right. */
    double accuracy(Fit fit) {
        return new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(fit.model.transform(rows(spark, Split.TEST)));
    }

    /** Frees the memory that its rows take. */
    @Override
    public void close() {
        train.unpersist(true);
        spark.sparkContext().removeSparkListener(clock);
    }

    /**
     * What came out.
     *
     * @param evaluations of loss and gradient over all rows: Spark jobs
     * @param seconds of all of those, from the first one's start to the last one's end: the rows are packed by then
     */
    record Fit(MultilayerPerceptronClassificationModel model, int evaluations, double seconds) {
        double secondsPerEvaluation() {
            return seconds / evaluations;
        }
    }

    /** Looks on while MLlib's optimisers run: each evaluation of loss and gradient is a treeAggregate. */
    private static final class OptimiserClock extends SparkListener {
        private int jobs;
        private int lastJob;
        private long start;
        private long end;

        void reset() {
            jobs = 0;
        }

        double seconds() {
            return (end - start) / 1e3;
        }

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            if (job.stageInfos().last().name().startsWith("treeAggregate")) {
                start = jobs == 0 ? job.time() : start;
                jobs++;
                lastJob = job.jobId();
            }
        }

        @Override
        public void onJobEnd(SparkListenerJobEnd job) {
            end = job.jobId() == lastJob ? job.time() : end;
        }
    }
}

package guest.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.ml.KindlingClassificationModel;
import dev.kindling.ml.KindlingClassifier;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The classifier as a stage of Spark ML: what Spark's own suites ask of its algorithms, and what Kindling adds. */
class KindlingClassifierTest {
    /** As a program for Spark's perceptron has it, with the class's name replaced. */
    private static KindlingClassifier perceptron(int... layers) {
        return new KindlingClassifier()
                .setLayers(layers)
                .setBlockSize(1)
                .setSeed(123L)
                .setMaxIter(100)
                .setSolver("l-bfgs");
    }

    /** Few iterations, where it does not matter how good the model is. */
    private static KindlingClassifier quick() {
        return new KindlingClassifier().setHiddenLayers(4).setMaxIter(5);
    }

    private static long right(Dataset<Row> scored) {
        return scored.where("prediction = label").count();
    }

    static List<int[]> wrongLayers() {
        return List.of(new int[0], new int[] {1}, new int[] {0, 1}, new int[] {1, 0}, new int[] {3, 70_000});
    }

    @ParameterizedTest
    @MethodSource("wrongLayers")
    void layersThatCannotBeAreRefused(int... layers) {
        assertThatThrownBy(() -> new KindlingClassifier().setLayers(layers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layers");
    }

    @Test
    void layersOfTwoAreALinearModel() {
        KindlingClassificationModel model = new KindlingClassifier()
                .setLayers(new int[] {3, 3})
                .setMaxIter(60)
                .fit(Tables.clouds(90));
        assertThat(model.getLayers()).containsExactly(3, 3);
        assertThat(right(model.transform(Tables.clouds(90)))).isGreaterThan(80);
    }

    @Test
    void aFunctionThatIsNotLinearIsLearnt() {
        KindlingClassificationModel model = perceptron(2, 5, 2).fit(Tables.xor());
        assertThat(right(model.transform(Tables.xor()))).isEqualTo(4);
        assertThat(model.numClasses()).isEqualTo(2);
        assertThat(model.numFeatures()).isEqualTo(2);
        assertThat(model.summary().objectiveHistory()[model.summary().objectiveHistory().length - 1])
                .isLessThan(1e-3);
    }

    @Test
    void probabilitiesAreThoseOfTheRows() {
        Dataset<Row> rows = Tables.of(
                new double[] {1, 2, 3, 4, 0}, new double[] {4, 3, 2, 1, 1}, new double[] {1, 1, 1, 1, 0}, new double[] {
                    1, 1, 1, 1, 1
                });
        KindlingClassificationModel model = perceptron(4, 5, 2).fit(rows);
        double[][] expected = {{1, 0}, {0, 1}, {0.5, 0.5}, {0.5, 0.5}};
        List<Row> scored = model.transform(rows).select("probability").collectAsList();
        for (int k = 0; k < expected.length; k++) {
            Vector probability = scored.get(k).getAs(0);
            assertThat(probability.toArray()).containsExactly(expected[k], within(2e-3));
        }
    }

    /** Of a larger network, too, which rows go through together. */
    @ParameterizedTest
    @ValueSource(ints = {4, 150})
    void aRowAloneIsPredictedAsInATable(int units) {
        KindlingClassificationModel model =
                quick().setHiddenLayers(units, units).fit(Tables.clouds(60));
        UserDefinedFunction sparse = udf((UDF1<Vector, Vector>) Vector::toSparse, SQLDataTypes.VectorType());
        Dataset<Row> rows = Tables.clouds(60)
                .union(Tables.clouds(90).withColumn("features", sparse.apply(col("features"))))
                .coalesce(1); // or Spark would score so few rows while it plans
        Dataset<Row> scored = model.transform(rows);
        assertThat(scored.queryExecution().executedPlan().toString().contains("Network [kindling("))
                .isEqualTo(units > 100);
        for (Row row : scored.collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(model.predict(features)).isEqualTo(row.<Double>getAs("prediction"));
            assertThat(model.predictRaw(features)).isEqualTo(row.getAs("rawPrediction"));
            assertThat(model.predictProbability(features)).isEqualTo(row.getAs("probability"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "raw, probability, prediction",
        "raw, probability, ''",
        "raw, '', prediction",
        "raw, '', ''",
        "'', probability, prediction",
        "'', probability, ''",
        "'', '', prediction",
        "'', '', ''"
    })
    void anyOfTheOutputsCanBeLeftOut(String raw, String probability, String prediction) {
        KindlingClassificationModel model = quick().fit(Tables.clouds(60));
        Dataset<Row> all = model.transform(Tables.clouds(60));
        Dataset<Row> some = model.copy(new ParamMap())
                .setRawPredictionCol(raw)
                .setProbabilityCol(probability)
                .setPredictionCol(prediction)
                .transform(Tables.clouds(60));
        List<String> columns = new ArrayList<>(List.of("features", "label", raw, probability, prediction));
        columns.removeIf(String::isEmpty);
        assertThat(some.columns()).containsExactlyElementsOf(columns);
        Dataset<Row> same = all.withColumnRenamed("rawPrediction", "raw");
        assertThat(some.collectAsList())
                .isEqualTo(same.selectExpr(columns.toArray(String[]::new)).collectAsList());
    }

    @Test
    void thresholdsFavourClasses() {
        KindlingClassificationModel model = quick().fit(Tables.clouds(60));
        model.setThresholds(new double[] {1, 1e-9, 1});
        assertThat(model.transform(Tables.clouds(60)).where("prediction = 1").count())
                .isEqualTo(60);
        model.setThresholds(new double[] {0, 1, 1});
        assertThat(model.transform(Tables.clouds(60)).where("prediction = 0").count())
                .isEqualTo(60);
        assertThatThrownBy(() -> model.setThresholds(new double[] {1, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("non-matching numClasses and thresholds.length");
        KindlingClassificationModel two = model.copy(new ParamMap().put(model.thresholds(), new double[] {1, 1}));
        assertThatThrownBy(() -> two.transform(Tables.clouds(60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 2 thresholds, expected one for each of 3 classes");
    }

    @ParameterizedTest
    @CsvSource({
        "label = 2, cast(null as double), Labels MUST NOT be Null or NaN",
        "label = 2, double('NaN'), Labels MUST NOT be Null or NaN",
        "label = 2, 1.5, Labels MUST be Integers",
        "label = 2, 3.0, 'Labels MUST be in [0, 3)'",
        "label = 2, -1.0, 'Labels MUST be in [0, 3)'"
    })
    void labelsThatAreNoClassesAreNamed(String where, String value, String message) {
        Dataset<Row> wrong = Tables.clouds(30)
                .withColumn("label", expr("case when " + where + " then " + value + " else label end"));
        assertThatThrownBy(() -> new KindlingClassifier()
                        .setLayers(new int[] {3, 4, 3})
                        .setMaxIter(2)
                        .fit(wrong))
                .hasMessageContaining(message);
    }

    @Test
    void featuresThatAreNoNumbersAreNamed() {
        KindlingClassifier classifier =
                new KindlingClassifier().setLayers(new int[] {2, 4, 2}).setMaxIter(2);
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Dataset<Row> rows = Tables.of(new double[] {1, 2, 0}, new double[] {wrong, 2, 1});
            assertThatThrownBy(() -> classifier.fit(rows))
                    .hasMessageContaining("Vector values MUST NOT be NaN or Infinity");
            KindlingClassificationModel model = classifier.fit(Tables.xor());
            assertThatThrownBy(() -> model.transform(rows).collectAsList())
                    .hasStackTraceContaining("in column features[0], expected a finite number");
        }
        Dataset<Row> missing = Tables.xor().withColumn("features", expr("case when label = 0 then features end"));
        assertThatThrownBy(() -> classifier.fit(missing)).hasMessageContaining("Vectors MUST NOT be Null");
    }

    @Test
    void layersThatDoNotFitTheFeaturesAreNamed() {
        assertThatThrownBy(() -> perceptron(5, 4, 3).fit(Tables.clouds(30)))
                .hasMessage("layers: found 5 inputs, expected 3, as column features has");
        assertThatThrownBy(() -> perceptron(3, 4, 3).setHiddenLayers(4).fit(Tables.clouds(30)))
                .hasMessageContaining("found layers and hiddenLayers, expected one of them");
        assertThatThrownBy(() -> quick().setValidationIndicatorCol("held")
                        .setValidationFraction(0.2)
                        .fit(Tables.clouds(30).withColumn("held", expr("label = 0"))))
                .hasMessageContaining("found validationIndicatorCol and a validationFraction, expected one of them");
        assertThatThrownBy(() -> quick().fit(Tables.clouds(30).where("label = 0")))
                .hasMessageContaining("found 1 class");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,0)"})
    void labelsAndWeightsAreOfAnyTypeOfNumber(String type) {
        Dataset<Row> rows = Tables.clouds(60).withColumn("weight", expr("1 + label"));
        Vector expected = quick().setWeightCol("weight").fit(rows).weights();
        Dataset<Row> other = rows.withColumn("label", col("label").cast(type))
                .withColumn("weight", col("weight").cast(type));
        assertThat(quick().setWeightCol("weight").fit(other).weights()).isEqualTo(expected);
    }

    @Test
    void labelsAndWeightsThatAreTextAreRefused() {
        Dataset<Row> rows = Tables.clouds(30);
        assertThatThrownBy(
                        () -> quick().fit(rows.withColumn("label", col("label").cast("string"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be of type numeric but was actually of type string");
        assertThatThrownBy(() -> quick().setWeightCol("weight").fit(rows.withColumn("weight", lit("1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be of type numeric but was actually of type string");
        assertThatThrownBy(() -> quick().setWeightCol("weight").fit(rows.withColumn("weight", lit(-1))))
                .hasMessageContaining("Weights MUST NOT be Negative or Infinity");
    }

    @Test
    void aWeightIsSoManyCopiesAndItsScaleDoesNotMatter() {
        Dataset<Row> rows = Tables.clouds(60).withColumn("weight", expr("case when label = 1 then 3.0 else 1.0 end"));
        Dataset<Row> copies = rows.withColumn("copy", expr("explode(sequence(1, int(weight)))"));
        KindlingClassifier classifier =
                new KindlingClassifier().setHiddenLayers(4).setMaxIter(40);
        Vector weighted =
                classifier.copy(new ParamMap()).setWeightCol("weight").fit(rows).weights();
        Vector copied = classifier.fit(copies).weights();
        assertThat(weighted.toArray()).containsExactly(copied.toArray(), within(0.05));
        Vector scaled = classifier
                .copy(new ParamMap())
                .setWeightCol("weight")
                .fit(rows.withColumn("weight", expr("weight * 1024")))
                .weights();
        assertThat(scaled.toArray()).containsExactly(weighted.toArray(), within(0.05));
    }

    @ParameterizedTest
    @ValueSource(strings = {"float", "double", "int"})
    void featuresAreArraysToo(String type) {
        Dataset<Row> vectors = Tables.clouds(60)
                .withColumn("features", functions.vector_to_array(col("features"), "float64"))
                .withColumn("features", expr("transform(features, x -> round(x))"));
        Dataset<Row> arrays = vectors.withColumn("features", col("features").cast("array<" + type + ">"));
        KindlingClassificationModel model = quick().fit(arrays);
        Dataset<Row> scored = model.transform(arrays);
        assertThat(scored.schema().apply("features")).isEqualTo(arrays.schema().apply("features"));
        Dataset<Row> same = vectors.withColumn("features", functions.array_to_vector(col("features")));
        assertThat(quick().fit(same).weights()).isEqualTo(model.weights());
        assertThat(model.transform(same).select("probability").collectAsList())
                .isEqualTo(scored.select("probability").collectAsList());
    }

    @Test
    void featuresAreBytesToo() {
        Dataset<Row> bytes = Tables.SPARK
                .range(60)
                .selectExpr("encode(repeat(chr(65 + id % 3), 4), 'UTF-8') features", "id % 3 label");
        KindlingClassificationModel model = new KindlingClassifier()
                .setLayers(new int[] {4, 4, 3})
                .setMaxIter(60)
                .fit(bytes);
        assertThat(right(model.transform(bytes))).isEqualTo(60);
        assertThat(model.transform(bytes).schema().apply("features"))
                .isEqualTo(bytes.schema().apply("features"));
    }

    @Test
    void theOrderOfTheRowsAndTheirPartitionsDoNotMatter() {
        Vector weights = quick().fit(Tables.clouds(300)).weights();
        assertThat(quick().fit(Tables.clouds(300).orderBy(rand(1)).repartition(5))
                        .weights())
                .isEqualTo(weights);
        assertThat(quick().setSeed(2).fit(Tables.clouds(300)).weights()).isNotEqualTo(weights);
    }

    @Test
    void sparseVectorsAreReadAsDenseOnes() {
        Dataset<Row> dense = Tables.clouds(60);
        Dataset<Row> sparse = dense.withColumn(
                "features",
                org.apache
                        .spark
                        .sql
                        .functions
                        .udf(
                                (org.apache.spark.sql.api.java.UDF1<Vector, Vector>) Vector::toSparse,
                                org.apache.spark.ml.linalg.SQLDataTypes.VectorType())
                        .apply(col("features")));
        assertThat(quick().fit(sparse).weights()).isEqualTo(quick().fit(dense).weights());
    }

    @Test
    void metadataSaysHowManyClassesThereAre() {
        Dataset<Row> rows = Tables.clouds(60)
                .withColumn(
                        "label",
                        col("label")
                                .as(
                                        "label",
                                        NominalAttribute.defaultAttr()
                                                .withName("label")
                                                .withValues("a", new String[] {"b", "c", "d", "e"})
                                                .toMetadata()));
        KindlingClassificationModel model = quick().fit(rows);
        assertThat(model.numClasses()).isEqualTo(5);
        assertThat(model.predictProbability(Vectors.dense(0, new double[] {0, 0}))
                        .size())
                .isEqualTo(5);
    }

    /** What is not set is asked for too; it is no setting, which auto would take for those of a program for Spark's perceptron. */
    @Test
    void gettersAnswerAsThoseOfSparksPerceptron() {
        KindlingClassifier plain = new KindlingClassifier();
        assertThat(plain.getMaxIter()).isEqualTo(100);
        assertThat(plain.getStepSize()).isEqualTo(0.03);
        assertThat(plain.isSet(plain.maxIter())).isFalse();
    }

    @Test
    void initialWeightsAreWhereTrainingBegins() {
        KindlingClassifier one = new KindlingClassifier()
                .setLayers(new int[] {2, 5, 2})
                .setMaxIter(1)
                .setSeed(12);
        Vector initial = one.fit(Tables.xor()).weights();
        Vector first = one.setInitialWeights(initial.copy())
                .setSeed(13)
                .fit(Tables.xor())
                .weights();
        Vector second = one.setInitialWeights(initial.copy())
                .setSeed(13)
                .fit(Tables.xor())
                .weights();
        assertThat(second).isEqualTo(first);
        double[] losses = one.setMaxIter(3).fit(Tables.xor()).summary().objectiveHistory();
        double[] before = new KindlingClassifier()
                .setLayers(new int[] {2, 5, 2})
                .setMaxIter(1)
                .setSeed(12)
                .fit(Tables.xor())
                .summary()
                .objectiveHistory();
        assertThat(losses[0]).isEqualTo(before[before.length - 1], within(1e-6));
        assertThatThrownBy(() -> one.setInitialWeights(Vectors.dense(1, new double[] {2}))
                        .fit(Tables.xor()))
                .hasMessageContaining("initialParameters: found 2, expected 27 for layers 2,5,2");
    }

    @Test
    void aHighToleranceEndsTrainingAsSoonAsItIsAskedAbout() {
        KindlingClassificationModel model = new KindlingClassifier()
                .setLayers(new int[] {2, 5, 2})
                .setTol(1)
                .fit(Tables.xor());
        assertThat(model.summary().totalIterations()).isBetween(10, 99);
        assertThat(model).asString().contains("numLayers=3, numClasses=2, numFeatures=2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10, 20, 100})
    void thereAreNoMoreIterationsThanAskedFor(int most) {
        KindlingClassificationModel model = new KindlingClassifier()
                .setMaxIter(most)
                .setLayers(new int[] {2, 3, 2})
                .fit(Tables.xor());
        assertThat(model.summary().totalIterations()).isBetween(1, most);
        assertThat(model.summary().objectiveHistory()).hasSize(model.summary().totalIterations() + 1);
    }

    @Test
    void theSummaryIsThatOfAnEvaluation() {
        Dataset<Row> rows = Tables.clouds(60);
        KindlingClassificationModel model = quick().fit(rows);
        assertThat(model.hasSummary()).isTrue();
        assertThat(model.summary().accuracy())
                .isEqualTo(right(model.transform(rows)) / 60.0)
                .isEqualTo(model.evaluate(rows).accuracy());
        assertThat(model.summary().recallByLabel())
                .containsExactly(model.evaluate(rows).recallByLabel());
        assertThat(model.summary().labels()).containsExactly(0, 1, 2);
        assertThat(model.summary().weightedFMeasure()).isBetween(0.3, 1.0);
        KindlingClassificationModel silent =
                quick().setPredictionCol("").setProbabilityCol("").fit(rows);
        assertThat(silent.summary().accuracy()).isEqualTo(model.summary().accuracy());
    }

    @Test
    void weightsCountInTheSummary() {
        Dataset<Row> rows = Tables.clouds(60).withColumn("weight", expr("case when label = 2 then 0.0 else 1.0 end"));
        KindlingClassificationModel model = quick().setWeightCol("weight").fit(rows);
        assertThat(model.summary().accuracy()).isEqualTo(right(model.transform(rows.where("label < 2"))) / 40.0);
    }

    @Test
    void patienceStopsWhereValidationRowsGetNoBetter() {
        Dataset<Row> rows = Tables.clouds(600)
                .withColumn("label", expr("case when rand(3) < 0.4 then int(3 * rand(4)) else label end"))
                .withColumn("held", expr("rand(5) < 0.3"))
                .cache();
        KindlingClassifier classifier = new KindlingClassifier()
                .setSolver("adam")
                .setHiddenLayers(64)
                .setMaxIter(2000)
                .setValidateEvery(20)
                .setPatience(3)
                .setValidationIndicatorCol("held");
        KindlingClassificationModel model = classifier.fit(rows);
        assertThat(model.summary().totalIterations()).isLessThan(2000);
        assertThat(model.kindling().provenance().validationRows())
                .isEqualTo(rows.where("held").count());
        rows.unpersist();
    }

    @Test
    void balancedClassesWeighTheSame() {
        Dataset<Row> rows = Tables.clouds(900)
                .where("label < 2")
                .where("label = 0 or rand(1) < 0.05")
                .cache();
        KindlingClassifier classifier =
                new KindlingClassifier().setHiddenLayers().setMaxIter(50);
        long plain =
                classifier.fit(rows).transform(rows).where("prediction = 1").count();
        long balanced = classifier
                .setBalanced(true)
                .fit(rows)
                .transform(rows)
                .where("prediction = 1")
                .count();
        assertThat(balanced).isGreaterThan(plain);
        rows.unpersist();
    }

    @Test
    void copiesHaveTheirUidsAndParams() {
        KindlingClassifier classifier = quick();
        KindlingClassifier copy = classifier.copy(new ParamMap().put(classifier.maxIter(), 3));
        assertThat(copy.uid()).isEqualTo(classifier.uid());
        assertThat(copy.getMaxIter()).isEqualTo(3);
        assertThat(classifier.getMaxIter()).isEqualTo(5);
        KindlingClassificationModel model = classifier.fit(Tables.xor());
        assertThat(model.uid()).isEqualTo(classifier.uid());
        assertThat(model.parent()).isEqualTo(classifier);
        KindlingClassificationModel other = model.copy(new ParamMap().put(model.predictionCol(), "other"));
        assertThat(other.uid()).isEqualTo(model.uid());
        assertThat(other.parent()).isEqualTo(classifier);
        assertThat(other.getPredictionCol()).isEqualTo("other");
        assertThat(other.weights()).isEqualTo(model.weights());
        assertThat(new KindlingClassifier().uid()).isNotEqualTo(new KindlingClassifier().uid());
    }

    @Test
    void everyParamIsExplainedAndBelongsToItsOwner() {
        KindlingClassifier classifier = quick();
        assertThat(classifier.params()).hasSizeGreaterThan(20).allSatisfy(param -> {
            assertThat(param.parent()).isEqualTo(classifier.uid());
            assertThat(param.doc()).hasSizeGreaterThan(10);
        });
        assertThat(classifier.explainParams())
                .contains(
                        "maxIter: the most iterations",
                        "current: 5",
                        "solver: what moves the parameters",
                        "default: auto");
        for (Param<?> param : classifier.params()) {
            assertThatCode(() -> classifier.explainParam(param)).doesNotThrowAnyException();
        }
    }

    @Test
    void withoutSettingsItIsTheLibrary() {
        Dataset<Row> rows = Tables.clouds(300);
        KindlingClassificationModel model = new KindlingClassifier().fit(rows);
        float[] library = new dev.kindling.Classifier()
                .features("features")
                .label("label")
                .fit(rows)
                .network()
                .parameters();
        assertThat(model.weights().toArray()).hasSameSizeAs(library);
        for (int k = 0; k < library.length; k++) {
            assertThat(model.weights().apply(k)).isEqualTo(library[k]);
        }
    }

    @Test
    void theSizeOfAModelIsEstimatedBeforeItIsThere() {
        KindlingClassifier classifier = new KindlingClassifier().setMaxIter(1).setLayers(new int[] {3, 1000, 3});
        long before = classifier.estimateModelSize(Tables.clouds(30));
        long after = classifier.fit(Tables.clouds(30)).estimatedSize();
        assertThat((double) before).isCloseTo((double) after, within(0.05 * after));
    }
}

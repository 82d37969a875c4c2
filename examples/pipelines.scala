import dev.kindling.ml.{KindlingClassifier, KindlingRegressor}
import org.apache.spark.ml.Pipeline
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator
import org.apache.spark.ml.feature.{StringIndexer, VectorAssembler}
import org.apache.spark.ml.tuning.{CrossValidator, ParamGridBuilder}

val iris = spark.read.option("header", true).option("inferSchema", true).csv("examples/iris.csv")
val label = new StringIndexer().setInputCol("species").setOutputCol("label")
val columns = Array("sepal_length", "sepal_width", "petal_length", "petal_width")
val assembler = new VectorAssembler().setInputCols(columns).setOutputCol("features")
val classifier = new KindlingClassifier().setHiddenLayers(16)
val pipeline = new Pipeline().setStages(Array(label, assembler, classifier))
val fitted = pipeline.fit(iris)

val accuracy = new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(fitted.transform(iris))
println(f"accuracy $accuracy%.2f")

val grid = new ParamGridBuilder().addGrid(classifier.maxIter, Array(10, 100)).build()
val validator = new CrossValidator().setEstimator(pipeline).setEstimatorParamMaps(grid).setParallelism(2)
val tuned = validator.setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss")).fit(iris)
println("mean log losses " + tuned.avgMetrics.mkString(", "))

val inputs = new VectorAssembler().setInputCols(columns.init).setOutputCol("features").transform(iris)
val width = new KindlingRegressor().setLabelCol("petal_width").fit(inputs)
println(f"R2 ${width.summary.r2}%.2f")

// A program for MultilayerPerceptronClassifier, with the name of the class replaced.
val trainer = new KindlingClassifier().setLayers(Array(4, 5, 3)).setBlockSize(128).setSeed(1234L).setMaxIter(100)
val result = new Pipeline().setStages(Array(label, assembler, trainer)).fit(iris).transform(iris)
val right = new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(result)
println(f"in place of the perceptron $right%.2f")

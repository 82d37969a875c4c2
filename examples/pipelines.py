"""Kindling as stages of Spark ML, in Python: spark-submit --jars KINDLING.jar --py-files KINDLING.jar examples/pipelines.py"""

import sys
import tempfile

from dev.kindling.ml import KindlingClassifier, KindlingRegressor
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("pipelines").getOrCreate()
flowers = spark.read.csv(sys.argv[1] if len(sys.argv) > 1 else "examples/iris.csv", header=True, inferSchema=True)

label = StringIndexer(inputCol="species", outputCol="label")
columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
assembler = VectorAssembler(inputCols=columns, outputCol="features")
classifier = KindlingClassifier(hiddenLayers=[16])
pipeline = Pipeline(stages=[label, assembler, classifier])
model = pipeline.fit(flowers)

scored = model.transform(flowers)
accuracy = MulticlassClassificationEvaluator(metricName="accuracy").evaluate(scored)
print(f"accuracy {accuracy:.2f}")

place = tempfile.mkdtemp()
model.write().overwrite().save(place)
loaded = PipelineModel.load(place)
print("the same predictions:", loaded.transform(flowers).collect() == scored.collect())

losses = model.stages[2].summary.objectiveHistory
print(f"the loss went from {losses[0]:.2f} to {losses[-1]:.2f}")

grid = ParamGridBuilder().addGrid(classifier.maxIter, [10, 100]).build()
evaluator = MulticlassClassificationEvaluator(metricName="logLoss")
tuned = CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=evaluator, parallelism=2).fit(flowers)
print("mean log losses", tuned.avgMetrics)

inputs = VectorAssembler(inputCols=columns[:3], outputCol="features").transform(flowers)
width = KindlingRegressor(labelCol="petal_width").fit(inputs)
print(f"R2 {width.summary.r2:.2f}")

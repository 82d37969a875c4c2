"""Saves stages in the folder that is its argument, alone and in a pipeline, and reads them again: a program for spark-submit."""

import sys

from dev.kindling.ml import KindlingClassificationModel, KindlingClassifier, KindlingRegressionModel, KindlingRegressor
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession

folder = sys.argv[1]
spark = SparkSession.builder.getOrCreate()
rows = spark.range(60).selectExpr("id % 5 a", "id % 7 b", "double(id % 5 > 2) label")
assembler = VectorAssembler(inputCols=["a", "b"], outputCol="features")


def same(model, read, data):
    assert read.transform(data).collect() == model.transform(data).collect()


classifier = KindlingClassifier(hiddenLayers=[4], maxIter=5)
pipeline = Pipeline(stages=[assembler, classifier])
model = pipeline.fit(rows)
model.write().save(folder + "/pipeline")
same(model, PipelineModel.load(folder + "/pipeline"), rows)

vectors = assembler.transform(rows)
alone = model.stages[1]
for _ in range(2):
    alone.write().overwrite().save(folder + "/model")
same(alone, KindlingClassificationModel.load(folder + "/model"), vectors)
classifier.save(folder + "/estimator")
assert KindlingClassifier.load(folder + "/estimator").getHiddenLayers() == [4]
regression = KindlingRegressor(hiddenLayers=[4], maxIter=5).fit(vectors)
regression.save(folder + "/regression")
same(regression, KindlingRegressionModel.load(folder + "/regression"), vectors)
try:
    alone.save(folder + "/model")
except Exception as e:
    print("refused:", e)
else:
    raise AssertionError("a model was replaced unasked")
print("all were read as they were written")

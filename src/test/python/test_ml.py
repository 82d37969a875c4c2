"""Kindling's estimators in PySpark, classic and over Spark Connect."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder
from pyspark.sql import functions as F

from conftest import ROOT
from dev.kindling.ml import (
    KindlingClassificationModel,
    KindlingClassifier,
    KindlingRegressionModel,
    KindlingRegressor,
)


@pytest.fixture(scope="module")
def xor(spark):
    rows = [(Vectors.dense(a, b), float(a != b)) for a in (0.0, 1.0) for b in (0.0, 1.0)]
    return spark.createDataFrame(rows, ["features", "label"])


@pytest.fixture(scope="module")
def clouds(spark):
    return spark.range(120).select(
        F.array(F.col("id") % 3 * 3 + F.sin("id"), F.cos("id")).alias("features"),
        (F.col("id") % 3).cast("double").alias("label"),
    )


@pytest.fixture(scope="module")
def curve(spark):
    x = F.col("id") / 50 - 2
    return spark.range(200).select(
        F.array(x, x * x).alias("features"),
        (F.lit(10.0) + F.sin(x) * 3).alias("label"),
    )


def quick(**params):
    return KindlingClassifier(hiddenLayers=[4], maxIter=20, **params)


def predictions(model, rows):
    return [row.prediction for row in model.transform(rows).select("prediction").collect()]


def test_a_program_for_sparks_perceptron_runs_with_its_class_replaced(xor):
    trainer = KindlingClassifier(maxIter=100, layers=[2, 5, 2], blockSize=128, seed=1234)
    model = trainer.fit(xor)
    result = model.transform(xor)
    assert result.columns == ["features", "label", "rawPrediction", "probability", "prediction"]
    evaluator = MulticlassClassificationEvaluator(metricName="accuracy")
    assert evaluator.evaluate(result.select("prediction", "label")) == 1.0


def test_params_are_set_by_keyword_and_by_method(clouds):
    classifier = quick(weightDecay=0.5, seed=7, tol=0.0)
    assert classifier.getMaxIter() == 20
    assert classifier.getWeightDecay() == 0.5
    assert classifier.getSeed() == 7
    assert classifier.getSolver() == "auto"
    assert not classifier.isDefined("layers")
    assert (KindlingClassifier().getMaxIter(), classifier.getStepSize()) == (100, 0.03)  # as of Spark's perceptron
    classifier.setMaxIter(3).setSolver("adam").setStepSize(0.1).setBatchSize(256).setFeaturesCol("features")
    classifier.setBalanced(True).setPatience(0).setValidateEvery(2).setValidationFraction(0.2)
    model = classifier.fit(clouds)
    assert model.getMaxIter() == 3
    assert model.getSolver() == "adam"
    assert model.summary.totalIterations == 3
    assert "patience: training stops" in classifier.explainParams()
    assert classifier.copy({classifier.maxIter: 9}).getMaxIter() == 9


def test_every_param_of_java_is_one_of_python_with_the_same_documentation(spark, is_connect):
    if is_connect:
        pytest.skip("Java's params are not to be seen over Connect")
    for estimator in (KindlingClassifier(), KindlingRegressor()):
        java = {p.name(): p.doc() for p in estimator._java_obj.params()}
        assert java == {p.name: p.doc for p in estimator.params} | {
            name: java[name] for name in java.keys() & SPARKS_OWN
        }


SPARKS_OWN = {
    "featuresCol",
    "labelCol",
    "predictionCol",
    "probabilityCol",
    "rawPredictionCol",
    "thresholds",
}


def test_predictions_of_a_row_are_those_of_the_table(clouds):
    model = quick().fit(clouds)
    assert model.numFeatures == 2
    assert model.numClasses == 3
    for row in model.transform(clouds).limit(5).collect():
        features = Vectors.dense(row.features)
        assert model.predict(features) == row.prediction
        assert model.predictRaw(features) == row.rawPrediction
        assert model.predictProbability(features) == row.probability


def test_the_summary_says_how_training_went(clouds, is_connect):
    model = quick().fit(clouds)
    assert model.hasSummary
    assert model.summary().totalIterations == model.summary.totalIterations  # as of Spark's perceptron
    history = model.summary.objectiveHistory
    assert len(history) == model.summary.totalIterations + 1
    assert history[-1] < history[0]
    assert model.summary.accuracy > 0.9
    assert len(model.summary.recallByLabel) == 3
    assert model.summary.predictions.count() == 120
    if is_connect:
        with pytest.raises(NotImplementedError, match="use MulticlassClassificationEvaluator"):
            model.evaluate(clouds)
    else:
        assert model.evaluate(clouds).accuracy == model.summary.accuracy


def test_without_settings_those_of_the_library_hold(clouds):
    assert KindlingClassifier().fit(clouds).summary.totalIterations == 1000


def test_the_same_rows_give_the_same_model(clouds):
    expected = quick().fit(clouds).transform(clouds).select("probability").collect()
    shuffled = clouds.orderBy(F.rand(1)).repartition(5)
    assert quick().fit(shuffled).transform(clouds).select("probability").collect() == expected


def test_models_and_estimators_are_saved_and_loaded(clouds, tmp_path):
    classifier = quick()
    classifier.save(str(tmp_path / "classifier"))
    assert KindlingClassifier.load(str(tmp_path / "classifier")).getHiddenLayers() == [4]
    model = classifier.fit(clouds)
    model.save(str(tmp_path / "model"))
    loaded = KindlingClassificationModel.load(str(tmp_path / "model"))
    assert loaded.uid == model.uid
    assert loaded.getMaxIter() == 20
    assert predictions(loaded, clouds) == predictions(model, clouds)
    with pytest.raises(Exception, match="already exists"):
        model.save(str(tmp_path / "model"))
    model.write().overwrite().save(str(tmp_path / "model"))


def test_weights_begin_another_training(xor, is_connect):
    model = KindlingClassifier(layers=[2, 5, 2], maxIter=5).fit(xor)
    if is_connect:
        with pytest.raises(NotImplementedError, match="found a call of weights over Spark Connect"):
            model.weights
        return
    assert model.weights.size == 27
    warm = KindlingClassifier(layers=[2, 5, 2], maxIter=1, initialWeights=model.weights).fit(xor)
    assert warm.summary.objectiveHistory[0] == pytest.approx(model.summary.objectiveHistory[-1], abs=1e-6)


def test_a_pipeline_is_saved_and_loaded_by_sparks_own_classes(spark, tmp_path):
    iris = spark.read.csv(str(ROOT / "examples/iris.csv"), header=True, inferSchema=True).withColumn(
        "label", F.expr("array_position(array('setosa', 'versicolor', 'virginica'), species) - 1")
    )
    assembler = VectorAssembler(inputCols=iris.columns[:4], outputCol="features")
    model = Pipeline(stages=[assembler, KindlingClassifier(maxIter=60)]).fit(iris)
    model.save(str(tmp_path / "pipeline"))
    loaded = PipelineModel.load(str(tmp_path / "pipeline"))
    assert isinstance(loaded.stages[1], KindlingClassificationModel)
    assert predictions(loaded, iris) == predictions(model, iris)
    assert model.transform(iris).where("prediction = label").count() > 144


def test_cross_validation_finds_the_better_params(clouds, tmp_path):
    classifier = quick()
    grid = ParamGridBuilder().addGrid(classifier.maxIter, [1, 30]).build()
    validator = CrossValidator(
        estimator=classifier,
        estimatorParamMaps=grid,
        evaluator=MulticlassClassificationEvaluator(metricName="logLoss"),
        numFolds=2,
        parallelism=2,
        seed=1,
    )
    tuned = validator.fit(clouds)
    assert tuned.bestModel.getMaxIter() == 30
    tuned.save(str(tmp_path / "tuned"))
    loaded = CrossValidatorModel.load(str(tmp_path / "tuned"))
    assert predictions(loaded.bestModel, clouds) == predictions(tuned.bestModel, clouds)


def test_regression(curve, tmp_path):
    model = KindlingRegressor(hiddenLayers=[16], maxIter=100).fit(curve)
    assert model.summary.r2 > 0.99
    assert model.summary.rootMeanSquaredError < 0.3
    assert model.summary.meanAbsoluteError <= model.summary.rootMeanSquaredError
    assert model.summary.totalIterations <= 100
    assert model.summary.objectiveHistory[0] > 0.1
    row = model.transform(curve).head()
    assert model.predict(Vectors.dense(row.features)) == row.prediction
    model.save(str(tmp_path / "model"))
    assert predictions(KindlingRegressionModel.load(str(tmp_path / "model")), curve) == predictions(model, curve)


def test_what_is_wrong_is_said(clouds):
    with pytest.raises(Exception, match="layers: found 5 inputs, expected 2, as column features has"):
        KindlingClassifier(layers=[5, 3, 3], maxIter=1).fit(clouds)
    with pytest.raises(Exception, match="maxIter"):
        quick().setMaxIter(0).fit(clouds)
    with pytest.raises(TypeError, match="maxIter"):
        quick().setMaxIter("many")


def test_the_example_runs(spark, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["pipelines.py", str(ROOT / "examples/iris.csv")])
    runpy.run_path(str(ROOT / "examples/pipelines.py"))
    printed = capsys.readouterr().out
    assert re.search(r"accuracy (0\.9[6-9]|1\.00)", printed)
    assert "the same predictions: True" in printed
    assert re.search(r"the loss went from [1-9]\.\d\d to 0\.0\d", printed)
    assert re.search(r"R2 0\.9\d", printed)


def test_the_notebook_runs_and_its_outputs_are_those_of_a_run(spark, request):
    if request.config.getoption("--spark") != "local[2]":
        pytest.skip("the notebook has a session of its own")
    path = ROOT / "examples/mnist.ipynb"
    committed = nbformat.read(path, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert accuracy_in(notebook) == accuracy_in(committed) > 0.93
    pictures = [len(shown(cell, "image/png")) for cell in notebook.cells if cell.cell_type == "code"]
    assert pictures == [len(shown(cell, "image/png")) for cell in committed.cells if cell.cell_type == "code"]
    assert sum(pictures) == 3


def shown(cell, kind):
    return [output for output in cell.outputs if kind in output.get("data", {})]


def accuracy_in(notebook):
    (cell,) = [cell for cell in notebook.cells if cell.source.startswith("scored = ")]
    return float(shown(cell, "text/plain")[0]["data"]["text/plain"])


def test_a_wheel_is_built_of_the_module(tmp_path):
    shutil.copytree(ROOT / "src/main/python", tmp_path / "python")
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(tmp_path / "wheels"), str(tmp_path / "python")], check=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    names = zipfile.ZipFile(wheel).namelist()
    assert {"dev/kindling/__init__.py", "dev/kindling/ml/__init__.py"} <= set(names)
    pom = (ROOT / "pom.xml").read_text()
    assert wheel.name.split("-")[1] == re.search(r"kindling_2.13</artifactId>\s*<version>(.*?)<", pom)[1]
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    script = "import dev.kindling.ml as ml; print(ml.KindlingClassifier.__name__, ml.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    assert run.stdout.split() == ["KindlingClassifier", str(tmp_path / "installed/dev/kindling/ml/__init__.py")]

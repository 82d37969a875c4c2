"""Models in SQL, in PySpark, classic and over Spark Connect."""

import os
import runpy
import subprocess

import pytest
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

from conftest import ROOT
from dev.kindling.ml import KindlingClassifier

MODEL = ROOT / "src/test/resources/models/format-4/classifier"


@pytest.fixture(scope="module")
def points(spark):
    rows = spark.range(50).selectExpr("id % 7 as a", "id % 11 / 3D as b")
    rows.createOrReplaceTempView("points")
    return rows


def test_a_saved_model_predicts_in_sql(spark, points):
    found = spark.sql(f"select kindling_predict('{MODEL}', a, b), kindling_probability('{MODEL}', a, b) from points")
    rows = found.collect()
    assert len(rows) == 50
    assert all(len(row[1]) == 3 and abs(sum(row[1]) - 1) < 1e-5 for row in rows)
    assert all(row[0] == ["", "no", "ça"][row[1].index(max(row[1]))] for row in rows)
    assert found.columns[0] == f"kindling_predict({MODEL}, a, b)"


def test_it_is_a_function_of_columns(points):
    by_name = points.select(F.expr(f"kindling_predict('{MODEL}', struct(*)) as found"))
    by_call = points.select(F.call_function("kindling_predict", F.lit(str(MODEL)), "a", "b").alias("found"))
    assert by_name.collect() == by_call.collect()


def test_vectors_are_features(spark, tmp_path):
    rows = spark.range(40).select(
        F.array(F.sin("id"), F.cos("id")).alias("features"), (F.col("id") % 2).cast("double").alias("label")
    )
    model = KindlingClassifier(hiddenLayers=[4], maxIter=20).fit(rows)
    model.save(str(tmp_path / "saved"))
    found = rows.selectExpr(f"double(kindling_predict('{tmp_path}/saved/model', features)) as prediction")
    assert found.collect() == model.transform(rows).select("prediction").collect()


def test_what_is_wrong_is_said(spark, points):
    with pytest.raises(Exception, match="found 1 columns of features, expected 2: a, b"):
        spark.sql(f"select kindling_predict('{MODEL}', a) from points").collect()
    with pytest.raises(Exception, match="found no model"):
        spark.sql("select kindling_predict('/no/where', a) from points").collect()


def test_a_class_is_registered_as_a_function(spark, points):
    spark.udf.registerJavaFunction("kind_of", "dev.kindling.sql.Predict", StringType())
    registered = points.selectExpr(f"kind_of('{MODEL}', struct(*)) as found")
    assert registered.collect() == points.selectExpr(f"kindling_predict('{MODEL}', a, b) as found").collect()


def test_the_example_runs(spark, monkeypatch, capsys, tmp_path):
    model = str(tmp_path / "model")
    subprocess.run(
        [ROOT / "submit.sh", "train", "--data", ROOT / "examples/iris.csv", "--label", "species", "--model", model],
        check=True,
        capture_output=True,
        cwd=ROOT,
        # Without the settings of a session over Connect, which spark-submit would take for its own.
        env={name: value for name, value in os.environ.items() if "SPARK" not in name},
    )
    monkeypatch.setattr("sys.argv", ["functions.py", model, str(tmp_path)])
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(ROOT / "examples/functions.py"), run_name="__main__")  # a function of it is sent to the server
    printed = capsys.readouterr().out
    assert "of 150 are right" in printed
    assert "the same: False" not in printed
    assert "setosa|   50" in printed

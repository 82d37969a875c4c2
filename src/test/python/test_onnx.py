"""Exported models in the ONNX checker and in ONNX Runtime: they predict what Kindling predicts."""

import gzip
import json
import os
import random
import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest

from conftest import JAR, ROOT

MNIST = ROOT / "data/mnist/t10k-images-idx3-ubyte.gz"


@pytest.fixture(scope="module", autouse=True)
def once(request):
    """The commands have a Spark of their own, so they are tried once."""
    if request.config.getoption("--spark") != "local[2]":
        pytest.skip("has a Spark of its own")


@pytest.fixture(scope="module")
def kindling():
    """Runs a command and returns what it prints. All run in one JVM, as each of its own would take ten seconds to start."""
    class_path = f"{ROOT}/target/test-classes:{JAR}:{ROOT}/target/lib/*"
    spark_submit = Path(os.environ["SPARK_HOME"]) / "bin/spark-submit"
    loop = ["--driver-class-path", class_path, "--class", "dev.kindling.cli.CommandLoop", JAR]
    with subprocess.Popen(
        [spark_submit, *loop], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as jvm:

        def run(*arguments):
            print(json.dumps([str(argument) for argument in arguments]), file=jvm.stdin, flush=True)
            result = json.loads(jvm.stdout.readline())
            assert result["exitCode"] == 0, result
            return result["out"]

        yield run
        jvm.stdin.close()
    assert jvm.returncode == 0


def digest(printed):
    return printed.split("SHA-256 ")[-1].split()[0]


def checked(file):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    return onnxruntime.InferenceSession(file)


def assert_same(session, inputs, expected, labels):
    """Expected is a table of what predict wrote. Both add up floats, in another order: docs/onnx.md says how far they are apart."""
    prediction, probability = session.run(["prediction", "probability"], inputs)
    assert list(prediction) == list(expected.prediction)
    columns = expected[[f"probability_{label}" for label in labels]].to_numpy()
    assert np.abs(probability - columns).max() < 5e-6


def predictions(kindling, model, data, file, *options):
    kindling("predict", "--model", model, "--data", data, "--output", file, *options)
    return pd.DataFrame([json.loads(line) for line in open(file)])


def test_all_test_images_are_predicted_the_same(kindling, tmp_path):
    model = tmp_path / "model"
    trained = digest(kindling("train", "--iterations", 200, "--model", model))
    floats, bytes_ = tmp_path / "floats.onnx", tmp_path / "bytes.onnx"
    kindling("export", model, floats)
    kindling("export", model, bytes_, "--input", "uint8")
    assert bytes_.stat().st_size < 40_000
    assert {entry.key: entry.value for entry in onnx.load(bytes_).metadata_props}["kindling.digest"] == trained
    expected = predictions(kindling, model, MNIST, tmp_path / "digits.jsonl", "--probabilities")
    pixels = np.frombuffer(gzip.open(MNIST).read()[16:], np.uint8).reshape(10_000, 784)
    assert_same(checked(bytes_), {"features": pixels}, expected, range(10))
    assert_same(checked(floats), {"features": pixels / np.float32(255)}, expected, range(10))
    again = predictions(kindling, bytes_, MNIST, tmp_path / "again.jsonl", "--probabilities")
    assert again.equals(expected)
    assert digest(kindling("import", bytes_, tmp_path / "imported")) == trained


def test_a_table_is_predicted_the_same_with_an_input_for_each_column(kindling, tmp_path):
    """Its first column needs doubles: of a time in seconds a float keeps no minutes."""
    rows = random.Random(1)
    lines = ["time,size,kind"]
    for _ in range(600):
        time, size = 1_700_000_000 + rows.randrange(1000), rows.gauss(0, 1)
        lines.append(f"{time},{size},{'late' if time % 1000 + 300 * size > 500 else 'so on'}")
    data = tmp_path / "rows.csv"
    data.write_text("\n".join(lines) + "\n")
    model, by_column = tmp_path / "model", tmp_path / "columns.onnx"
    kindling("train", "--data", data, "--label", "kind", "--iterations", 100, "--model", model)
    kindling("export", model, by_column, "--by-column")
    expected = predictions(kindling, model, data, tmp_path / "rows.jsonl", "--probabilities")
    given = {name: expected[[name]].to_numpy(np.float64) for name in ("time", "size")}
    assert set(expected.prediction) == {"late", "so on"}
    assert_same(checked(by_column), given, expected, ["late", "so on"])
    flowers = ROOT / "examples/iris.csv"
    iris, file = tmp_path / "iris", tmp_path / "iris.onnx"
    kindling("train", "--data", flowers, "--label", "species", "--iterations", 100, "--model", iris)
    kindling("export", iris, file)
    expected = predictions(kindling, iris, flowers, tmp_path / "iris.jsonl", "--probabilities")
    features = pd.read_csv(flowers).drop(columns="species").to_numpy(np.float64)
    assert_same(checked(file), {"features": features}, expected, ["setosa", "versicolor", "virginica"])


@pytest.mark.parametrize("targets", ["price", "price,rooms"])
def test_numbers_are_predicted_the_same(kindling, tmp_path, targets):
    rows = random.Random(2)
    lines = ["size,age,price,rooms"]
    for _ in range(400):
        size, age = rows.uniform(20, 200), rows.randrange(80)
        lines.append(f"{size},{age},{1e6 + 5000 * size - 700 * age},{size // 25}")
    data = tmp_path / "houses.csv"
    data.write_text("\n".join(lines) + "\n")
    model, file = tmp_path / "model", tmp_path / "houses.onnx"
    kindling(
        "train", "--data", data, "--target", targets, "--features", "size,age", "--iterations", 50, "--model", model
    )
    kindling("export", model, file)
    expected = predictions(kindling, model, data, tmp_path / "houses.jsonl")
    features = expected[["size", "age"]].to_numpy(np.float64)
    (found,) = checked(file).run(["prediction"], {"features": features})
    assert np.allclose(found, np.array(expected.prediction.tolist()), rtol=1e-6, atol=1e-6)

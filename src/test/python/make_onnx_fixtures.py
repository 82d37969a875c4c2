"""Makes src/test/resources/onnx/: small networks as PyTorch, Keras and scikit-learn export them, and what ONNX Runtime says of a few
rows of each. In an environment with torch, onnxscript, keras, scikit-learn, skl2onnx and onnxruntime:
python src/test/python/make_onnx_fixtures.py

A NAME.csv has a row of the data a line: the features, a bar, and what the network gives."""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnxruntime
import torch
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDER = Path(__file__).parents[1] / "resources/onnx"


def write_rows(name, rows, output):
    """The last output of scikit-learn's classifiers is a map for each row, from the label to its probability."""
    session = onnxruntime.InferenceSession(FOLDER / f"{name}.onnx")
    given = session.run([output], {session.get_inputs()[0].name: rows})[0]
    lines = []
    for row, numbers in zip(rows.reshape(len(rows), -1), given):
        numbers = list(numbers.values()) if isinstance(numbers, dict) else numbers
        lines.append(",".join(repr(float(x)) for x in row) + "|" + ",".join(repr(float(x)) for x in numbers))
    (FOLDER / f"{name}.csv").write_text("\n".join(lines) + "\n")


def pytorch(images, labels):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 8), torch.nn.ReLU(), torch.nn.Linear(8, 10))
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    for _ in range(200):
        loss = torch.nn.functional.cross_entropy(network(torch.tensor(images)[:, None]), torch.tensor(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    for name, more in (
        ("pytorch", {"dynamic_shapes": ({0: torch.export.Dim("N")},), "external_data": False}),
        ("pytorch-torchscript", {"dynamic_axes": {"image": {0: "N"}}, "dynamo": False}),
    ):
        torch.onnx.export(
            network.eval(),
            (torch.zeros(2, 1, 8, 8),),
            FOLDER / f"{name}.onnx",
            input_names=["image"],
            output_names=["logits"],
            **more,
        )
        write_rows(name, images[:5, None], "logits")


def with_keras(images, labels):
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((8, 8)),
            keras.layers.Flatten(),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(images, labels, epochs=4, batch_size=128, verbose=0)
    network.export(FOLDER / "keras.onnx", format="onnx", verbose=False)
    write_rows("keras", images[:5], onnxruntime.InferenceSession(FOLDER / "keras.onnx").get_outputs()[0].name)


def scikit_learn(name, network, data, labels, output):
    pipeline = make_pipeline(StandardScaler(), network).fit(data, labels)
    rows = data[::40][:5].astype(np.float32)
    (FOLDER / f"{name}.onnx").write_bytes(to_onnx(pipeline, rows).SerializeToString())
    write_rows(name, rows, output)


def main():
    FOLDER.mkdir(exist_ok=True)
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)
    pytorch(images, digits.target)
    with_keras(images, digits.target)
    settings = {"hidden_layer_sizes": (5,), "max_iter": 2000, "random_state": 1}
    iris = load_iris()
    species = iris.target_names[iris.target]
    scikit_learn("scikit-learn", MLPClassifier(**settings), iris.data, species, "output_probability")
    cancer = load_breast_cancer()
    scikit_learn("scikit-learn-binary", MLPClassifier(**settings), cancer.data, cancer.target, "output_probability")
    diabetes = load_diabetes()
    scikit_learn("scikit-learn-numbers", MLPRegressor(**settings), diabetes.data, diabetes.target, "variable")


if __name__ == "__main__":
    main()

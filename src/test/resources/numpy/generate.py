"""A network trained and evaluated by NumPy in float64: the fixture that ImportTest compares with.

Independent of the Java code: reads the IDX files itself and shares nothing with it. Writes weights.json.gz, with hidden
biases as a column and output biases flat, and predictions.txt.gz, the predicted class of each of the 10,000 test images.
Run from the repository: python3 src/test/resources/numpy/generate.py
"""
import gzip
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def idx(name, header):
    return np.frombuffer(gzip.open(f"data/mnist/{name}.gz").read()[header:], np.uint8)


def images(name):
    return idx(name, 16).reshape(-1, 784) / 255.0


def forward(x):
    hidden = x @ w1.T + b1
    return hidden, np.maximum(hidden, 0) @ w2.T + b2


def save(name, text):
    with gzip.GzipFile(HERE / name, "wb", mtime=0) as out:
        out.write(text.encode())


random = np.random.default_rng(1)
x, labels = images("train-images-idx3-ubyte"), idx("train-labels-idx1-ubyte", 8)
w1, b1 = random.normal(0, 0.05, (10, 784)), np.zeros(10)
w2, b2 = random.normal(0, 0.4, (10, 10)), np.zeros(10)
for step in range(1500):
    batch = random.integers(0, len(x), 128)
    hidden, z = forward(x[batch])
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    d2 = (p - np.eye(10)[labels[batch]]) / len(batch)
    d1 = (d2 @ w2) * (hidden > 0)
    for parameter, gradient in ((w2, d2.T @ np.maximum(hidden, 0)), (b2, d2.sum(0)), (w1, d1.T @ x[batch]), (b1, d1.sum(0))):
        parameter -= 0.2 * gradient

# Fewer digits make a smaller file, and numbers that 32-bit floats do not have either.
w1, b1, w2, b2 = (p.round(3) for p in (w1, b1, w2, b2))
save(
    "weights.json.gz",
    json.dumps(
        {
            "hidden_layer": {"weights": w1.tolist(), "biases": b1.reshape(-1, 1).tolist()},
            "output_layer": {"weights": w2.tolist(), "biases": b2.tolist()},
        }
    ),
)
test, truth = images("t10k-images-idx3-ubyte"), idx("t10k-labels-idx1-ubyte", 8)
logits = forward(test)[1]
predictions = logits.argmax(axis=1)
save("predictions.txt.gz", "".join(map(str, predictions)) + "\n")
best = np.sort(logits, axis=1)
print("right:", (predictions == truth).sum(), "smallest distance of the two best logits:", (best[:, -1] - best[:, -2]).min())

"""Ten full-batch steps of the classic recipe in NumPy float64: the fixture that GoldenRunTest compares with.

Independent of the Java code: reads the IDX files itself, and start.py is a java.util.Random of its own.
Run from the repository: python3 src/test/resources/golden/generate.py > src/test/resources/golden/classic.csv
"""
import gzip

import numpy as np

from start import floats, mix


def idx(name, header):
    return np.frombuffer(gzip.open(f"data/mnist/{name}.gz").read()[header:], np.uint8)


x = (idx("train-images-idx3-ubyte", 16).reshape(-1, 784) / np.float32(255)).astype(np.float64)
y = np.eye(10)[idx("train-labels-idx1-ubyte", 8)]
start = 2 * np.array(list(floats(mix(1, 7960), 7960))) - 1
w1, b1 = start[:7840].reshape(784, 10), start[7840:7850]
w2, b2 = start[7850:7950].reshape(10, 10), start[7950:]

print("# step, loss, accuracy, norm of the gradient of w1, b1, w2, b2")
for step in range(1, 11):
    z1 = x @ w1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ w2 + b2
    z2 -= z2.max(axis=1, keepdims=True)
    p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    loss = -np.log((p * y).sum(axis=1)).mean()
    accuracy = (p.argmax(axis=1) == y.argmax(axis=1)).mean()
    d2 = (p - y) / len(x)
    d1 = (d2 @ w2.T) * (z1 > 0)
    gradients = x.T @ d1, d1.sum(axis=0), a1.T @ d2, d2.sum(axis=0)
    print(",".join([str(step), repr(float(loss)), repr(float(accuracy))] + [repr(float(np.linalg.norm(g))) for g in gradients]))
    for parameter, gradient in zip((w1, b1, w2, b2), gradients):
        parameter -= 0.25 * gradient

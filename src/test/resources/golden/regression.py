"""Ten full-batch steps of a regression in NumPy float64: the fixture that RegressionRunTest compares with.

Four targets and two layers. The rows from 256 on have weights.
Run from the repository: python3 src/test/resources/golden/regression.py > src/test/resources/golden/regression.csv
"""
import numpy as np

from start import floats, mix

drawn = np.array(list(floats(3, 300 * 25))).reshape(300, 25)
x = np.where(drawn[:, :20] < np.float32(0.9), 0, drawn[:, :20])
t = 2 * drawn[:, 20:24] - 1
w = np.where(np.arange(300) < 256, 1, 2 * drawn[:, 24])[:, None]
start = 2 * np.array(list(floats(mix(1, 154), 154))) - 1
w1, b1 = start[:120].reshape(20, 6), start[120:126]
w2, b2 = start[126:150].reshape(6, 4), start[150:]

print("# step, loss, norm of the gradient of layer 1, layer 2")
for step in range(1, 11):
    z1 = x @ w1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ w2 + b2
    loss = (w * (z2 - t) ** 2 / 2).sum() / w.sum()
    d2 = w * (z2 - t) / w.sum()
    d1 = (d2 @ w2.T) * (z1 > 0)
    gradients = x.T @ d1, d1.sum(axis=0), a1.T @ d2, d2.sum(axis=0)
    squares = [(g * g).sum() for g in gradients]
    norms = np.sqrt(squares[0] + squares[1]), np.sqrt(squares[2] + squares[3])
    print(",".join([str(step), repr(float(loss))] + [repr(float(n)) for n in norms]))
    for parameter, gradient in zip((w1, b1, w2, b2), gradients):
        parameter -= 0.25 * gradient

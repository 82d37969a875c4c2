"""The Python side of the benchmarks: says what it is, then answers each line with a line of numbers.

    steps TYPE LAYERS SHIFT START RATE COUNT   full-batch gradient descent: the first loss, then the seconds of each step
    mark LIBRARY OPTIMIZER BATCH RATE SEED MARK  mini-batches, 784-10-10: the seconds of the steps until that share of the
                                                 test set is predicted right, or Infinity; how many that are is found first
    folds METHOD FILE                          trains on all folds of a table but one, for each: its scores on that one, the
                                                 accuracy or R2. METHOD is logistic, ridge or mlp, with scikit-learn's defaults

LIBRARY is numpy, with OPTIMIZER sgd, or torch or sklearn where they can be imported, with sgd or adam. TYPE is float32 or
float64; SHIFT is added to every pixel; START is a file of float32 parameters, layer after layer W (inputs, units), b (units),
as Kindling has them. Threads are those of OPENBLAS_NUM_THREADS.
"""

import functools
import gzip
import importlib
import itertools
import sys
import warnings
from time import perf_counter

import numpy as np

SMALL = [784, 10, 10]
MOMENTUM = 0.9
MAX_EPOCHS = 40
ROWS_BETWEEN = 5_120  # from evaluation to evaluation


def idx(name, header):
    with gzip.open(f"data/mnist/{name}.gz") as file:
        return np.frombuffer(file.read()[header:], np.uint8)


@functools.cache
def labels(half):
    return idx(f"{half}-labels-idx1-ubyte", 8).astype(np.intp)


@functools.lru_cache(maxsize=1)
def images(half, dtype, shift):
    pixels = idx(f"{half}-images-idx3-ubyte", 16).reshape(-1, 784)
    return (pixels / np.float32(255) + np.float32(shift)).astype(dtype)


class Network:
    """A fully connected network: ReLU, then softmax with cross-entropy. Every array is made once."""

    def __init__(self, sizes, parameters, rows):
        self.parameters = parameters
        self.gradients = np.zeros_like(parameters)
        self.weights, self.biases = views(sizes, self.parameters)
        self.weight_gradients, self.bias_gradients = views(sizes, self.gradients)
        self.activations = [np.empty((rows, units), parameters.dtype) for units in sizes[1:]]
        self.deltas = [np.empty_like(a) for a in self.activations]
        self.rows = np.arange(rows)

    def forward(self, x):
        """The probabilities."""
        last = len(self.weights) - 1
        for l, a in enumerate(self.activations):
            np.matmul(x, self.weights[l], out=a)
            a += self.biases[l]
            if l < last:
                np.maximum(a, 0, out=a)
            x = a
        x -= x.max(axis=1, keepdims=True)
        np.exp(x, out=x)
        x /= x.sum(axis=1, keepdims=True)
        return x

    def loss(self, y):
        return -np.log(self.activations[-1][self.rows, y]).mean()

    def backward(self, x, y):
        """The mean gradient of the rows that forward has seen."""
        delta = self.activations[-1]
        delta[self.rows, y] -= 1
        delta /= len(x)
        for l in reversed(range(len(self.weights))):
            a = self.activations[l - 1] if l > 0 else x
            np.matmul(a.T, delta, out=self.weight_gradients[l])
            delta.sum(axis=0, out=self.bias_gradients[l])
            if l > 0:
                delta = np.matmul(delta, self.weights[l].T, out=self.deltas[l - 1])
                delta *= a > 0


def views(sizes, flat):
    """The weights and the biases of each layer in one flat array."""
    weights, biases, offset = [], [], 0
    for inputs, units in itertools.pairwise(sizes):
        weights.append(flat[offset : offset + inputs * units].reshape(inputs, units))
        offset += (inputs + 1) * units
        biases.append(flat[offset - units : offset])
    return weights, biases


def steps(dtype, layers, shift, start, rate, count):
    x, y = images("train", dtype, float(shift)), labels("train")
    sizes = [int(size) for size in layers.split(",")]
    network = Network(sizes, np.fromfile(start, "<f4").astype(dtype), len(x))
    losses, seconds = [], []
    for _ in range(int(count)):
        begin = perf_counter()
        network.forward(x)
        losses.append(float(network.loss(y)))
        network.backward(x, y)
        network.gradients *= float(rate)
        network.parameters -= network.gradients
        seconds.append(perf_counter() - begin)
    return [losses[0], *seconds]


def he(sizes, seed):
    random = np.random.default_rng(seed)
    parts = []
    for inputs, units in itertools.pairwise(sizes):
        parts += [random.normal(0, np.sqrt(2 / inputs), inputs * units), np.zeros(units)]
    return np.concatenate(parts).astype(np.float32)


class NumPy:
    """Momentum 0.9 from a He start; the parameters after each step, always in the same array."""

    def __init__(self, optimizer, batch, rate, seed):
        assert optimizer == "sgd"
        self.batch, self.rate, self.seed = batch, rate, seed

    def steps(self):
        images_, labels_ = images("train", "float32", 0.0), labels("train")
        network = Network(SMALL, he(SMALL, self.seed), self.batch)
        x = np.empty((self.batch, 784), np.float32)
        velocity = np.zeros_like(network.parameters)
        for drawn in batches(self.seed, self.batch):
            np.take(images_, drawn, axis=0, out=x, mode="clip")
            network.forward(x)
            network.backward(x, labels_[drawn])
            velocity *= MOMENTUM
            network.gradients *= self.rate
            velocity -= network.gradients
            network.parameters += velocity
            yield self.batch, network.parameters

    @staticmethod
    def predict(parameters, x):
        return Network(SMALL, parameters, len(x)).forward(x).argmax(axis=1)


class Torch:
    """As its own tutorials have it: nn.Sequential with the layers' own start, and torch.optim."""

    def __init__(self, optimizer, batch, rate, seed):
        self.optimizer, self.batch, self.rate, self.seed = optimizer, batch, rate, seed

    def steps(self):
        import torch

        torch.set_num_threads(2)
        torch.manual_seed(self.seed)
        images_ = torch.from_numpy(images("train", "float32", 0.0))
        labels_ = torch.from_numpy(labels("train"))
        model = torch.nn.Sequential(torch.nn.Linear(784, 10), torch.nn.ReLU(), torch.nn.Linear(10, 10))
        if self.optimizer == "sgd":
            optimizer = torch.optim.SGD(model.parameters(), self.rate, momentum=MOMENTUM, nesterov=True)
        else:
            optimizer = torch.optim.Adam(model.parameters(), self.rate)
        cross_entropy = torch.nn.CrossEntropyLoss()
        for drawn in batches(self.seed, self.batch):
            rows = torch.from_numpy(drawn)
            optimizer.zero_grad()
            cross_entropy(model(images_[rows]), labels_[rows]).backward()
            optimizer.step()
            yield self.batch, model

    @staticmethod
    def predict(model, x):
        import torch

        with torch.no_grad():
            return model(torch.from_numpy(x)).argmax(dim=1).numpy()


class ScikitLearn:
    """MLPClassifier, which draws batches itself from the rows that partial_fit is given."""

    def __init__(self, optimizer, batch, rate, seed):
        self.settings = dict(solver=optimizer, batch_size=batch, learning_rate_init=rate, random_state=seed)
        self.seed = seed

    def steps(self):
        from sklearn.neural_network import MLPClassifier

        images_, labels_ = images("train", "float32", 0.0), labels("train")
        model = MLPClassifier(hidden_layer_sizes=(10,), **self.settings)
        for drawn in batches(self.seed, ROWS_BETWEEN):
            model.partial_fit(images_[drawn], labels_[drawn], classes=range(10))
            yield ROWS_BETWEEN, model

    @staticmethod
    def predict(model, x):
        return model.predict(x)


def batches(seed, rows):
    random = np.random.default_rng(seed)
    for _ in range(MAX_EPOCHS):
        order = random.permutation(len(labels("train")))
        for first in range(0, len(order) - rows + 1, rows):
            yield order[first : first + rows]


def mark(library, optimizer, batch, rate, seed, goal):
    training = LIBRARIES[library](optimizer, int(batch), float(rate), int(seed))
    seen = 0
    for steps_done, (rows, model) in enumerate(training.steps(), 1):
        seen += rows
        if seen % ROWS_BETWEEN == 0 and accuracy(training, model) >= float(goal):
            break
    else:
        return ["Infinity"]
    begin = perf_counter()
    for _ in itertools.islice(training.steps(), steps_done):
        pass
    return [perf_counter() - begin]


def accuracy(training, model):
    return (training.predict(model, test_images()) == labels("t10k")).mean()


@functools.cache
def test_images():
    return images.__wrapped__("t10k", "float32", 0.0)


def folds(method, file):
    import pandas
    from sklearn import linear_model, neural_network
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    table = pandas.read_parquet(file)
    outcome = "label" if "label" in table else "target"
    y, fold, x = table[outcome].to_numpy(), table["fold"].to_numpy(), table.drop(columns=[outcome, "fold"]).to_numpy()
    model = {
        ("label", "logistic"): lambda: linear_model.LogisticRegression(max_iter=1000),
        ("label", "mlp"): lambda: neural_network.MLPClassifier(random_state=0),
        ("target", "ridge"): linear_model.Ridge,
        ("target", "mlp"): lambda: neural_network.MLPRegressor(random_state=0),
    }[outcome, method]
    scores = []
    for k in range(5) if fold.max() > 1 else [0]:
        fit = make_pipeline(StandardScaler(), model())
        if outcome == "target":
            fit = TransformedTargetRegressor(fit, transformer=StandardScaler())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that its iterations were not enough
            fit.fit(x[fold != k], y[fold != k])
        scores.append(fit.score(x[fold == k], y[fold == k]))
    return scores


def version(module):
    """A library that is not there need not be."""
    try:
        return f", {module} {importlib.import_module(module).__version__}"
    except ImportError:
        return ""


LIBRARIES = {"numpy": NumPy, "torch": Torch, "sklearn": ScikitLearn}
COMMANDS = {"steps": steps, "mark": mark, "folds": folds}
blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
others = version("torch") + version("sklearn")
print(f"NumPy {np.__version__} with {blas['name']} {blas['version']}{others}, on 2 threads", flush=True)
for line in sys.stdin:
    command, *arguments = line.split()
    print(*COMMANDS[command](*arguments), flush=True)

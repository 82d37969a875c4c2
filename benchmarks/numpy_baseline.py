"""The NumPy side of the benchmarks: says what it is, then answers each line with a line of numbers.

    steps TYPE LAYERS SHIFT START RATE COUNT   full-batch gradient descent: the first loss, then the seconds of each step
    mark BATCH RATE SEED MARK                  mini-batches, 784-10-10: the seconds of the steps until that share of the
                                               test set is predicted right, or Infinity; how many that are is found first

TYPE is float32 or float64; SHIFT is added to every pixel; START is a file of float32 parameters, layer after layer
W (inputs, units), b (units), as Kindling has them. Threads are those of OPENBLAS_NUM_THREADS.
"""

import functools
import gzip
import itertools
import sys
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


def training(batch, rate, seed):
    """Mini-batches from the start: the parameters after each step, always in the same array."""
    images_, labels_ = images("train", "float32", 0.0), labels("train")
    network = Network(SMALL, he(SMALL, seed), batch)
    x = np.empty((batch, 784), np.float32)
    velocity = np.zeros_like(network.parameters)
    random = np.random.default_rng(seed)
    for _ in range(MAX_EPOCHS):
        order = random.permutation(len(images_))
        for first in range(0, len(order) - batch + 1, batch):
            drawn = order[first : first + batch]
            np.take(images_, drawn, axis=0, out=x, mode="clip")
            network.forward(x)
            network.backward(x, labels_[drawn])
            velocity *= MOMENTUM
            network.gradients *= rate
            velocity -= network.gradients
            network.parameters += velocity
            yield network.parameters


def mark(batch, rate, seed, goal):
    run = int(batch), float(rate), int(seed)
    for steps_done, parameters in enumerate(training(*run), 1):
        if steps_done * run[0] % ROWS_BETWEEN == 0 and accuracy(parameters) >= float(goal):
            break
    else:
        return ["Infinity"]
    begin = perf_counter()
    for _ in itertools.islice(training(*run), steps_done):
        pass
    return [perf_counter() - begin]


def accuracy(parameters):
    x, y = test_images(), labels("t10k")
    return (Network(SMALL, parameters, len(x)).forward(x).argmax(axis=1) == y).mean()


@functools.cache
def test_images():
    return images.__wrapped__("t10k", "float32", 0.0)


COMMANDS = {"steps": steps, "mark": mark}
blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
print(f"NumPy {np.__version__} with {blas['name']} {blas['version']} on 2 threads", flush=True)
for line in sys.stdin:
    command, *arguments = line.split()
    print(*COMMANDS[command](*arguments), flush=True)

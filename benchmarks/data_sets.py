"""Makes the data sets that Kindling's defaults were found and checked on: data_sets.py FASHION R_LIBRARY DIRECTORY

FASHION is the folder of Fashion-MNIST's files (Debian: dataset-fashion-mnist, /usr/share/datasets/fashion-mnist), R_LIBRARY that of
R's packages mlbench and kernlab (Debian: r-cran-mlbench, r-cran-kernlab, /usr/lib/R/site-library). Each table becomes a Parquet file
of DIRECTORY: features, `label` (a string) or `target` (a double), and `fold`, 0 to 4. The images have their own test set: fold 0.
Python needs NumPy, pandas with pyarrow, scikit-learn and rdata.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import rdata
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold

FASHION, R_LIBRARY, DIRECTORY = map(Path, sys.argv[1:])
# Package, table, label or target, columns that are left out. The first were used to find the settings, the others to check them.
R_TABLES = [
    ("mlbench", "Sonar", "Class", []),
    ("mlbench", "Vehicle", "Class", []),
    ("mlbench", "PimaIndiansDiabetes", "diabetes", []),
    ("mlbench", "Satellite", "classes", []),
    ("mlbench", "LetterRecognition", "lettr", []),
    ("kernlab", "spam", "type", []),
    ("mlbench", "BostonHousing", "medv", []),
    ("mlbench", "Glass", "Type", []),
    ("mlbench", "Ionosphere", "Class", []),
    ("mlbench", "Vowel", "Class", ["V1"]),
    ("mlbench", "Shuttle", "Class", []),
    ("mlbench", "DNA", "Class", []),
    ("kernlab", "musk", "Class", []),
    ("mlbench", "Ozone", "V4", ["V9"]),
]


def save(name, x, y, fold=None):
    x = np.asarray(x)
    y = np.asarray(y)
    is_number = y.dtype.kind == "f"
    if fold is None:
        split = (KFold if is_number else StratifiedKFold)(5, shuffle=True, random_state=0)
        fold = np.zeros(len(y), np.int32)
        for k, (_, test) in enumerate(split.split(x, y)):
            fold[test] = k
    table = pd.DataFrame(x, columns=[f"f{k}" for k in range(x.shape[1])])
    table["target" if is_number else "label"] = y if is_number else y.astype(str)
    table["fold"] = fold
    table.to_parquet(DIRECTORY / f"{name}.parquet", index=False)
    print(name, x.shape)


def idx(path, header):
    with gzip.open(path) as file:
        return np.frombuffer(file.read()[header:], np.uint8)


def images(name, folder):
    halves = ["train", "t10k"]
    x = [idx(folder / f"{half}-images-idx3-ubyte.gz", 16).reshape(-1, 784) for half in halves]
    y = [idx(folder / f"{half}-labels-idx1-ubyte.gz", 8) for half in halves]
    fold = np.repeat(np.array([1, 0], np.int32), [len(half) for half in y])
    save(name, np.concatenate(x).astype(np.float32), np.concatenate(y), fold)


def r_table(package, name, outcome, left_out):
    table = rdata.read_rda(R_LIBRARY / package / "data" / f"{name}.rda")[name].drop(columns=left_out).dropna()
    y = table.pop(outcome)
    columns = []
    for column in table:
        numbers = pd.to_numeric(table[column].astype(str), errors="coerce")
        if numbers.isna().any():  # a category: a column of 0 and 1 for each, or one for two
            indicators = pd.get_dummies(table[column].astype(str), dtype="float64")
            columns.append(indicators.iloc[:, 1:] if indicators.shape[1] == 2 else indicators)
        elif numbers.nunique() > 1:
            columns.append(numbers.astype("float64"))
    save(name.lower(), pd.concat(columns, axis=1), y.astype("float64") if y.dtype.kind in "fi" else y.astype(str))


for name in ["iris", "wine", "breast_cancer", "digits"]:
    data = getattr(datasets, f"load_{name}")()
    save(name, data.data, data.target_names[data.target])
images("mnist", Path("data/mnist"))
images("fashion", FASHION)
for table in R_TABLES:
    r_table(*table)
x, y = datasets.make_moons(1000, noise=0.25, random_state=0)
save("moons", x * [1e-3, 500] + [0, 1e4], y)
x, y = datasets.make_classification(
    3000, 30, n_informative=10, n_redundant=10, n_classes=5, weights=[0.6, 0.2, 0.1, 0.06, 0.04], flip_y=0.02, class_sep=1.2, random_state=0
)
random = np.random.default_rng(0)
x = np.where(np.arange(30) % 5 == 0, np.exp(x), x) * 10.0 ** random.uniform(-4, 4, 30) + random.normal(0, 100, 30)
save("synthetic", x, y)
data = datasets.load_diabetes(scaled=False)
save("diabetes", data.data, data.target)
x, y = datasets.make_friedman1(2000, 10, noise=1.0, random_state=0)
save("friedman1", x, y)

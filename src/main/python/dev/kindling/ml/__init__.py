"""Neural networks as estimators and models of Spark ML, for PySpark and Spark Connect.

The classes of Kindling's jar do the work: they have to be on the class path of the driver, or of the Connect server. Names are those
of the Java classes, so a pipeline that was saved finds both.

>>> from dev.kindling.ml import KindlingClassifier
>>> model = KindlingClassifier(hiddenLayers=[16]).fit(train)
>>> model.transform(test)
"""

from typing import Any, Dict, List, Optional

from pyspark import keyword_only
from pyspark.ml.classification import (
    _ClassificationSummary,
    _JavaProbabilisticClassificationModel,
    _JavaProbabilisticClassifier,
    _ProbabilisticClassifierParams,
    _TrainingSummary,
)
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.linalg import Vector
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import (
    HasBlockSize,
    HasMaxIter,
    HasSeed,
    HasSolver,
    HasStepSize,
    HasTol,
    HasValidationIndicatorCol,
    HasWeightCol,
)
from pyspark.ml.regression import _JavaRegressionModel, _JavaRegressor
from pyspark.ml.util import HasTrainingSummary, JavaMLReadable, JavaMLWritable
from pyspark.sql import DataFrame
from pyspark.sql.utils import is_remote

__all__ = [
    "KindlingClassifier",
    "KindlingClassificationModel",
    "KindlingClassificationSummary",
    "KindlingClassificationTrainingSummary",
    "KindlingRegressor",
    "KindlingRegressionModel",
    "KindlingRegressionTrainingSummary",
]


def _param(name: str, doc: str, converter: Any) -> Any:
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class _KindlingParams(
    HasMaxIter,
    HasTol,
    HasStepSize,
    HasSeed,
    HasSolver,
    HasBlockSize,
    HasWeightCol,
    HasValidationIndicatorCol,
):
    """The params that estimators and models have in common."""

    solver: Param[str] = _param(
        "solver",
        "what moves the parameters: adam (mini-batches; maxIter counts them), l-bfgs (all rows at each iteration) or gd (plain"
        " gradient descent). auto is l-bfgs if maxIter or tol is set, as programs for Spark's perceptron mean it, and else adam, with"
        " settings that suit the number of rows",
        TypeConverters.toString,
    )
    maxIter: Param[int] = _param(
        "maxIter",
        "the most iterations: gradients that are taken (>= 1). By default 100, and with solver adam a number that suits the number"
        " of rows",
        TypeConverters.toInt,
    )
    tol: Param[float] = _param(
        "tol",
        "for solver l-bfgs: training ends when ten iterations together lower the loss by no more than this share of the first loss"
        " (>= 0)",
        TypeConverters.toFloat,
    )
    stepSize: Param[float] = _param(
        "stepSize",
        "for solvers adam and gd: the highest learning rate (> 0). By default 0.01 with adam and 0.03 with gd",
        TypeConverters.toFloat,
    )
    blockSize: Param[int] = _param(
        "blockSize",
        "for programs written for Spark's perceptron: rows are always packed in blocks of 256. It changes no result, there or here",
        TypeConverters.toInt,
    )
    seed: Param[int] = _param(
        "seed",
        "the seed of every random choice: the same rows, params and seed give the same model",
        TypeConverters.toInt,
    )
    weightCol: Param[str] = _param(
        "weightCol",
        "the column of row weights, 0 or more: a row of weight 2 counts as if it were there twice. Without it each has the weight 1",
        TypeConverters.toString,
    )
    validationIndicatorCol: Param[str] = _param(
        "validationIndicatorCol",
        "the boolean column that says which rows are for validation: they are not trained on, but evaluated as training goes",
        TypeConverters.toString,
    )
    layers: Param[List[int]] = _param(
        "layers",
        "the sizes of all layers: inputs, hidden layers, classes, such as 784,100,10. Instead of it, hiddenLayers can be set: inputs"
        " and classes follow from the data then",
        TypeConverters.toListInt,
    )
    hiddenLayers: Param[List[int]] = _param(
        "hiddenLayers",
        "the sizes of the hidden layers, or none for a linear model. Without it, and without layers, there is one, of a size that"
        " suits the number of rows",
        TypeConverters.toListInt,
    )
    batchSize: Param[int] = _param(
        "batchSize",
        "for solvers adam and gd: the rows of an iteration, a multiple of 256, or 0 for all. By default what suits the number of rows"
        " with adam, and all with gd",
        TypeConverters.toInt,
    )
    weightDecay: Param[float] = _param(
        "weightDecay",
        "the share of the first layer's weights that a step of rate 1 takes away (>= 0); for l-bfgs half of it times their squares is"
        " added to the loss. By default what suits the number of rows with adam, else 0",
        TypeConverters.toFloat,
    )
    validationFraction: Param[float] = _param(
        "validationFraction",
        "the share of the rows that is drawn by the seed for validation, where no column says which (>= 0, below 1)",
        TypeConverters.toFloat,
    )
    validateEvery: Param[int] = _param(
        "validateEvery",
        "how many iterations there are from one evaluation of the validation rows to the next (>= 1)",
        TypeConverters.toInt,
    )
    patience: Param[int] = _param(
        "patience",
        "training stops after this many evaluations in succession without a smaller validation loss, and the model has the parameters"
        " of the smallest; 0 to go on to the end",
        TypeConverters.toInt,
    )
    balanced: Param[bool] = _param(
        "balanced",
        "whether the rows of each class together get the same weight, however few they are; not for regression",
        TypeConverters.toBoolean,
    )
    initialWeights: Param[Vector] = _param(
        "initialWeights",
        "the parameters to begin with, as weights of a model has them, instead of random ones",
        TypeConverters.toVector,
    )

    def __init__(self, *args: Any):
        super().__init__(*args)
        self._setDefault(
            solver="auto",
            maxIter=100,
            stepSize=0.03,
            tol=1e-6,
            seed=1,
            blockSize=128,
            validationFraction=0.0,
            validateEvery=50,
            patience=0,
            balanced=False,
        )

    def getLayers(self) -> List[int]:
        """The sizes of all layers."""
        return self.getOrDefault(self.layers)

    def getHiddenLayers(self) -> List[int]:
        """The sizes of the hidden layers."""
        return self.getOrDefault(self.hiddenLayers)

    def getBatchSize(self) -> int:
        """The rows of an iteration."""
        return self.getOrDefault(self.batchSize)

    def getWeightDecay(self) -> float:
        """The decay of the first layer's weights."""
        return self.getOrDefault(self.weightDecay)

    def getValidationFraction(self) -> float:
        """The share of the rows that is held out."""
        return self.getOrDefault(self.validationFraction)

    def getValidateEvery(self) -> int:
        """The iterations between two evaluations of the rows held out."""
        return self.getOrDefault(self.validateEvery)

    def getPatience(self) -> int:
        """The evaluations without a smaller loss after which training stops."""
        return self.getOrDefault(self.patience)

    def getBalanced(self) -> bool:
        """Whether each class gets the same weight."""
        return self.getOrDefault(self.balanced)

    def getInitialWeights(self) -> Vector:
        """The parameters to begin with."""
        return self.getOrDefault(self.initialWeights)


class _KindlingSetters(_KindlingParams):
    """How the params of an estimator are set, one by one."""

    def setLayers(self, value: List[int]) -> Any:
        """Sets :py:attr:`layers`."""
        return self._set(layers=value)

    def setHiddenLayers(self, value: List[int]) -> Any:
        """Sets :py:attr:`hiddenLayers`."""
        return self._set(hiddenLayers=value)

    def setSolver(self, value: str) -> Any:
        """Sets :py:attr:`solver`."""
        return self._set(solver=value)

    def setMaxIter(self, value: int) -> Any:
        """Sets :py:attr:`maxIter`."""
        return self._set(maxIter=value)

    def setTol(self, value: float) -> Any:
        """Sets :py:attr:`tol`."""
        return self._set(tol=value)

    def setStepSize(self, value: float) -> Any:
        """Sets :py:attr:`stepSize`."""
        return self._set(stepSize=value)

    def setBatchSize(self, value: int) -> Any:
        """Sets :py:attr:`batchSize`."""
        return self._set(batchSize=value)

    def setWeightDecay(self, value: float) -> Any:
        """Sets :py:attr:`weightDecay`."""
        return self._set(weightDecay=value)

    def setWeightCol(self, value: str) -> Any:
        """Sets :py:attr:`weightCol`."""
        return self._set(weightCol=value)

    def setValidationIndicatorCol(self, value: str) -> Any:
        """Sets :py:attr:`validationIndicatorCol`."""
        return self._set(validationIndicatorCol=value)

    def setValidationFraction(self, value: float) -> Any:
        """Sets :py:attr:`validationFraction`."""
        return self._set(validationFraction=value)

    def setValidateEvery(self, value: int) -> Any:
        """Sets :py:attr:`validateEvery`."""
        return self._set(validateEvery=value)

    def setPatience(self, value: int) -> Any:
        """Sets :py:attr:`patience`."""
        return self._set(patience=value)

    def setInitialWeights(self, value: Vector) -> Any:
        """Sets :py:attr:`initialWeights`."""
        return self._set(initialWeights=value)

    def setSeed(self, value: int) -> Any:
        """Sets :py:attr:`seed`."""
        return self._set(seed=value)

    def setBlockSize(self, value: int) -> Any:
        """Sets :py:attr:`blockSize`."""
        return self._set(blockSize=value)


class _HasWeights:
    @property
    def weights(self) -> Vector:
        """The parameters, layer after layer: weights, a row for each input, and then biases; for standardised inputs. Spark Connect
        has no way to them."""
        _require_classic("weights", "save the model, and load it where there is a session that is not remote")
        return self._call_java("weights")


def _require_classic(what: str, instead: str) -> None:
    if is_remote():
        raise NotImplementedError(f"found a call of {what} over Spark Connect, which has no way to it: {instead}")


class KindlingClassificationSummary(_ClassificationSummary):
    """How good a classifier is on rows whose labels are known."""


class KindlingClassificationTrainingSummary(KindlingClassificationSummary, _TrainingSummary):
    """The same on the rows that it was trained on, and how training went."""

    def __call__(self) -> "KindlingClassificationTrainingSummary":
        """Itself: a program for Spark's perceptron asks for ``model.summary()``, a method of that one model alone."""
        return self


class KindlingClassificationModel(
    _JavaProbabilisticClassificationModel[Vector],
    _KindlingParams,
    _ProbabilisticClassifierParams,
    _HasWeights,
    JavaMLWritable,
    JavaMLReadable["KindlingClassificationModel"],
    HasTrainingSummary[KindlingClassificationTrainingSummary],
):
    """What :py:class:`KindlingClassifier` makes of rows."""

    @property
    def _summaryCls(self) -> type:
        return KindlingClassificationTrainingSummary

    def _summary_dataset(self, train_dataset: DataFrame) -> DataFrame:
        return train_dataset

    def evaluate(self, dataset: DataFrame) -> KindlingClassificationSummary:
        """Predicts rows whose labels are known, and says how good that is."""
        _require_classic("evaluate", "use MulticlassClassificationEvaluator")
        return KindlingClassificationSummary(self._call_java("evaluate", dataset))


class KindlingClassifier(
    _JavaProbabilisticClassifier[KindlingClassificationModel],
    _KindlingSetters,
    _ProbabilisticClassifierParams,
    JavaMLWritable,
    JavaMLReadable["KindlingClassifier"],
):
    """A neural network as a classifier of Spark ML, in place of MultilayerPerceptronClassifier.

    Features are a column of vectors, or of arrays of numbers. Labels are 0, 1, 2 and so on.

    >>> model = KindlingClassifier(layers=[2, 5, 2], maxIter=100).fit(xor)
    >>> model.summary.objectiveHistory
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: str = "features",
        labelCol: str = "label",
        predictionCol: str = "prediction",
        probabilityCol: str = "probability",
        rawPredictionCol: str = "rawPrediction",
        layers: Optional[List[int]] = None,
        hiddenLayers: Optional[List[int]] = None,
        solver: str = "auto",
        maxIter: Optional[int] = None,
        tol: Optional[float] = None,
        stepSize: Optional[float] = None,
        batchSize: Optional[int] = None,
        weightDecay: Optional[float] = None,
        weightCol: Optional[str] = None,
        validationIndicatorCol: Optional[str] = None,
        validationFraction: float = 0.0,
        validateEvery: int = 50,
        patience: int = 0,
        balanced: bool = False,
        thresholds: Optional[List[float]] = None,
        initialWeights: Optional[Vector] = None,
        seed: Optional[int] = None,
        blockSize: int = 128,
    ):
        super().__init__()
        self._java_obj = self._new_java_obj("dev.kindling.ml.KindlingClassifier", self.uid)
        self.setParams(**self._input_kwargs)

    def setParams(self, **params: Any) -> "KindlingClassifier":
        """Sets params by their names."""
        return self._set(**params)

    def setBalanced(self, value: bool) -> "KindlingClassifier":
        """Sets :py:attr:`balanced`."""
        return self._set(balanced=value)

    def _create_model(self, java_model: Any) -> KindlingClassificationModel:
        return KindlingClassificationModel(java_model)


class KindlingRegressionTrainingSummary(_TrainingSummary):
    """How good a regressor is on the rows that it was trained on, and how training went."""

    def _of(self, model: "KindlingRegressionModel", dataset: DataFrame) -> "KindlingRegressionTrainingSummary":
        self._model = model
        self._dataset = dataset
        return self

    def _metric(self, name: str) -> float:
        evaluator = RegressionEvaluator(
            metricName=name, labelCol=self._model.getLabelCol(), predictionCol=self._model.getPredictionCol()
        )
        if self._model.isDefined("weightCol"):
            evaluator.setWeightCol(self._model.getWeightCol())
        return evaluator.evaluate(self.predictions)

    @property
    def predictions(self) -> DataFrame:
        """The rows with their predictions."""
        return self._model.transform(self._dataset)

    @property
    def rootMeanSquaredError(self) -> float:
        """The root of the mean squared error, in the label's scale."""
        return self._metric("rmse")

    @property
    def meanSquaredError(self) -> float:
        """The mean squared error."""
        return self._metric("mse")

    @property
    def meanAbsoluteError(self) -> float:
        """The mean of the errors' sizes, in the label's scale."""
        return self._metric("mae")

    @property
    def r2(self) -> float:
        """1 minus the squared error divided by that of the mean."""
        return self._metric("r2")


class KindlingRegressionModel(
    _JavaRegressionModel[Vector],
    _KindlingParams,
    _HasWeights,
    JavaMLWritable,
    JavaMLReadable["KindlingRegressionModel"],
    HasTrainingSummary[KindlingRegressionTrainingSummary],
):
    """What :py:class:`KindlingRegressor` makes of rows."""

    @property
    def _summaryCls(self) -> type:
        return KindlingRegressionTrainingSummary

    def _summary_dataset(self, train_dataset: DataFrame) -> DataFrame:
        return train_dataset

    @property
    def summary(self) -> KindlingRegressionTrainingSummary:
        """How good it is on the rows that it was trained on."""
        return super().summary._of(self, self._trained)


class KindlingRegressor(
    _JavaRegressor[KindlingRegressionModel],
    _KindlingSetters,
    JavaMLWritable,
    JavaMLReadable["KindlingRegressor"],
):
    """A neural network as a regressor of Spark ML: one number for each row, by least squares.

    >>> model = KindlingRegressor(hiddenLayers=[16]).fit(houses)
    >>> model.summary.r2
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: str = "features",
        labelCol: str = "label",
        predictionCol: str = "prediction",
        layers: Optional[List[int]] = None,
        hiddenLayers: Optional[List[int]] = None,
        solver: str = "auto",
        maxIter: Optional[int] = None,
        tol: Optional[float] = None,
        stepSize: Optional[float] = None,
        batchSize: Optional[int] = None,
        weightDecay: Optional[float] = None,
        weightCol: Optional[str] = None,
        validationIndicatorCol: Optional[str] = None,
        validationFraction: float = 0.0,
        validateEvery: int = 50,
        patience: int = 0,
        initialWeights: Optional[Vector] = None,
        seed: Optional[int] = None,
        blockSize: int = 128,
    ):
        super().__init__()
        self._java_obj = self._new_java_obj("dev.kindling.ml.KindlingRegressor", self.uid)
        self.setParams(**self._input_kwargs)

    def setParams(self, **params: Any) -> "KindlingRegressor":
        """Sets params by their names."""
        return self._set(**params)

    def _create_model(self, java_model: Any) -> KindlingRegressionModel:
        return KindlingRegressionModel(java_model)

    def _fit(self, dataset: DataFrame) -> KindlingRegressionModel:
        model = super()._fit(dataset)
        model._trained = dataset
        return model

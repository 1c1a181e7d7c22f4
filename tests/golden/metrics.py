"""Golden metrics of classification and regression, by scikit-learn and SciPy in f64.

Logits are multiples of 1/64, so that f32 holds them too. Beside ordinary rows there are ties, far logits whose
probabilities round to 0 and 1, a class that never occurs, one that is only predicted, and targets far from 0.

    python metrics.py > metrics.json
"""

import json
import platform
import warnings

import numpy
import scipy.special
import sklearn
from sklearn import metrics


def logits_of(generator, rows, width, spread):
    return numpy.round(generator.normal(0, spread, (rows, width)) * 64) / 64


def classification(name, logits, truth):
    width = logits.shape[1]
    classes = max(width, 2)
    if width == 1:
        # expit(-x) is 1 - expit(x) without the rounding of what is near 1.
        probabilities = scipy.special.expit(numpy.concatenate([-logits, logits], axis=1))
        predicted = (probabilities[:, 1] > 0.5).astype(int)
    else:
        probabilities = scipy.special.softmax(logits, axis=1)
        predicted = numpy.argmax(logits, axis=1)
    labels = numpy.arange(classes)
    return {
        "name": name,
        "width": width,
        "logits": logits.ravel().tolist(),
        "truth": truth.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "macro_f1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "log_loss": metrics.log_loss(truth, probabilities, labels=labels),
        "brier": metrics.brier_score_loss(truth, probabilities, labels=labels, scale_by_half=False),
    }


def regression(name, predictions, targets):
    return {
        "name": name,
        "predictions": predictions.tolist(),
        "targets": targets.tolist(),
        "mae": metrics.mean_absolute_error(targets, predictions),
        "mse": metrics.mean_squared_error(targets, predictions),
        "rmse": metrics.root_mean_squared_error(targets, predictions),
        "r2": metrics.r2_score(targets, predictions),
    }


def main():
    generator = numpy.random.default_rng(20_261)
    draw = generator.integers
    few = logits_of(generator, 24, 4, 1.0)
    few[3], few[7, 1:] = 0.5, few[7, 0]
    truth = draw(0, 4, 24)
    truth[truth == 2] = 1
    unbalanced = (generator.random(40) < 0.1).astype(int)
    unbalanced[5] = 1
    normal = generator.normal
    six = logits_of(generator, 15, 6, 3.0) - [0, 0, 0, 0, 99, 0]
    targets = normal(3_000, 900, 30)
    result = {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scikit-learn": sklearn.__version__,
        "classification": [
            classification("binary", logits_of(generator, 31, 1, 2.0), draw(0, 2, 31)),
            classification("binary, far logits", logits_of(generator, 12, 1, 60.0), draw(0, 2, 12)),
            classification("binary, a rare class", logits_of(generator, 40, 1, 1.0) - 1.5, unbalanced),
            classification("two logits", logits_of(generator, 20, 2, 1.5), draw(0, 2, 20)),
            classification("four classes, ties, one class only predicted", few, truth),
            classification("six classes, two never seen", six, draw(0, 3, 15)),
            classification("three classes, far logits", logits_of(generator, 18, 3, 90.0), draw(0, 3, 18)),
            classification("one row", logits_of(generator, 1, 3, 1.0), draw(0, 3, 1)),
        ],
        "regression": [
            regression("near", targets + normal(0, 100, 30), targets),
            regression("worse than the mean", targets[::-1].copy(), targets),
            regression("far from 0", 1e9 + normal(0, 1, 25), 1e9 + normal(0, 1, 25)),
            regression("two rows", numpy.array([0.25, -1.5]), numpy.array([0.5, -2.0])),
        ],
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    with warnings.catch_warnings():
        # That a class is only predicted is what is asked for.
        warnings.simplefilter("ignore")
        main()

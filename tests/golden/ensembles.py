"""Golden ensembles: votes, averages and stacks of the same members, by scikit-learn in f64.

Members are made up: what each says of a row is the truth with noise of its own and noise that all share. They are given to
scikit-learn as fitted estimators, which look up what they say by the number of the row.

    python ensembles.py > ensembles.json
"""

import json
import platform

import numpy
import scipy.special
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.ensemble import StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, root_mean_squared_error


class Classifier(ClassifierMixin, BaseEstimator):
    def __init__(self, said=None, classes=None):
        self.said = said
        self.classes = classes

    def fit(self, rows=None, truth=None):
        self.classes_ = numpy.arange(self.classes)
        self.is_fitted_ = True
        return self

    def predict_proba(self, rows):
        return self.said[rows[:, 0]]

    def predict(self, rows):
        return numpy.argmax(self.predict_proba(rows), axis=1)


class Regressor(RegressorMixin, BaseEstimator):
    def __init__(self, said=None):
        self.said = said

    def fit(self, rows=None, truth=None):
        self.is_fitted_ = True
        return self

    def predict(self, rows):
        return self.said[rows[:, 0]]


def numbered(first, count):
    return numpy.arange(first, first + count).reshape(-1, 1)


def classification(name, generator, classes, members, validation, test, spread):
    rows = validation + test
    truth = generator.integers(0, classes, rows)
    # Every class occurs where the last layer learns.
    truth[:classes] = numpy.arange(classes)
    shared = generator.normal(0, 1, (rows, classes))
    said = []
    for _ in range(members):
        logits = 2.0 * numpy.eye(classes)[truth] + spread * (shared + generator.normal(0, 1, (rows, classes)))
        said.append(scipy.special.softmax(logits, axis=1))
    estimators = [(f"m{index}", Classifier(one, classes).fit()) for index, one in enumerate(said)]
    fitted_on, asked = numbered(0, validation), numbered(validation, test)
    votes = numpy.stack([one[validation:].argmax(axis=1) for one in said], axis=1)
    counts = numpy.apply_along_axis(lambda row: numpy.bincount(row, minlength=classes), 1, votes)
    averaged = numpy.mean([one[validation:] for one in said], axis=0)
    # A tie of votes goes to the larger mean probability.
    voted = numpy.where(counts == counts.max(axis=1, keepdims=True), averaged, -1.0).argmax(axis=1)
    hard = VotingClassifier(estimators, voting="hard")
    hard.estimators_ = [one for _, one in estimators]
    hard.le_ = sklearn.preprocessing.LabelEncoder().fit(numpy.arange(classes))
    hard.classes_ = hard.le_.classes_
    is_clear = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    assert (hard.predict(asked)[is_clear] == voted[is_clear]).all() and not is_clear.all()
    stack = StackingClassifier(
        estimators,
        final_estimator=LogisticRegression(C=1.0, tol=1e-13, max_iter=1_000_000),
        cv="prefit",
        stack_method="predict_proba",
    ).fit(fitted_on, truth[:validation])
    stacked = stack.predict_proba(asked)
    labels = numpy.arange(classes)
    return {
        "name": name,
        "classes": classes,
        "validation": [one[:validation].ravel().tolist() for one in said],
        "test": [one[validation:].ravel().tolist() for one in said],
        "validation_truth": truth[:validation].tolist(),
        "test_truth": truth[validation:].tolist(),
        "vote": voted.tolist(),
        "vote_accuracy": accuracy_score(truth[validation:], voted),
        "averaging_accuracy": accuracy_score(truth[validation:], averaged.argmax(axis=1)),
        "averaging_log_loss": log_loss(truth[validation:], averaged, labels=labels),
        "stacking": stacked.ravel().tolist(),
        "stacking_accuracy": accuracy_score(truth[validation:], stacked.argmax(axis=1)),
        "stacking_log_loss": log_loss(truth[validation:], stacked, labels=labels),
    }


def regression(name, generator, members, validation, test, shift, factor):
    rows = validation + test
    truth = shift + factor * generator.normal(0, 1, rows)
    shared = generator.normal(0, 1, rows)
    said = [
        truth + factor * (0.1 * index + 0.2 * shared + 0.3 * generator.normal(0, 1, rows)) for index in range(members)
    ]
    mean, deviation = truth[:validation].mean(), truth[:validation].std()
    fitted_on, asked = numbered(0, validation), numbered(validation, test)
    scaled = [(f"m{index}", Regressor((one - mean) / deviation).fit()) for index, one in enumerate(said)]
    stack = StackingRegressor(scaled, final_estimator=Ridge(alpha=1.0, tol=1e-14), cv="prefit")
    stacked = stack.fit(fitted_on, (truth[:validation] - mean) / deviation).predict(asked) * deviation + mean
    average = VotingRegressor([(f"m{index}", Regressor(one).fit()) for index, one in enumerate(said)])
    average.estimators_ = [one for _, one in average.estimators]
    averaged = average.predict(asked)
    target = truth[validation:]
    return {
        "name": name,
        "validation": [one[:validation].tolist() for one in said],
        "test": [one[validation:].tolist() for one in said],
        "validation_truth": truth[:validation].tolist(),
        "test_truth": target.tolist(),
        "averaging_mae": mean_absolute_error(target, averaged),
        "averaging_rmse": root_mean_squared_error(target, averaged),
        "stacking": stacked.tolist(),
        "stacking_mae": mean_absolute_error(target, stacked),
        "stacking_rmse": root_mean_squared_error(target, stacked),
    }


def main():
    generator = numpy.random.default_rng(20)
    print(
        json.dumps(
            {
                "made_by": f"scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}, Python {platform.python_version()}",
                "classification": [
                    classification("four classes", generator, 4, 4, 90, 40, 1.0),
                    classification("two classes", generator, 2, 4, 60, 40, 1.2),
                    classification("few rows", generator, 3, 2, 9, 40, 1.5),
                    classification("sure of themselves", generator, 3, 4, 60, 40, 6.0),
                ],
                "regression": [
                    regression("near 0", generator, 3, 60, 30, 0.0, 1.0),
                    regression("thousands", generator, 4, 60, 30, 4_000.0, 900.0),
                ],
            },
            indent=None,
            separators=(",", ":"),
        )
    )


main()

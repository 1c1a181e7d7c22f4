"""scikit-learn: `MLPRegressor` in two joblib workers, one `partial_fit` an epoch.

`fit` has no schedules for Adam, so every epoch is a `partial_fit` after its rate was set on the optimiser, and the
validation loss is computed by `predict`. What differs from the other peers: the biases too start at uniform numbers,
and the loss is half the squared error, which Adam does not notice but for its epsilon."""

import time

import joblib
import numpy
from sklearn.neural_network import MLPRegressor

import splits
from outcome import arguments, show
from trials import BETAS, EPSILON, LEARNING_RATE, Rates, longest_first, stratified

WORKERS = 2


def train(trial, split):
    """The validation loss after each epoch."""
    rates, curve = Rates(trial), []
    targets, validation_targets = split.train_targets[:, 0], split.validation_targets[:, 0]
    model = MLPRegressor(
        hidden_layer_sizes=trial.layers[1:-1], activation="relu", solver="adam", alpha=0, batch_size=trial.batch_size,
        learning_rate_init=LEARNING_RATE, beta_1=BETAS[0], beta_2=BETAS[1], epsilon=EPSILON, random_state=trial.seed)
    for epoch in range(trial.epochs):
        if epoch > 0:
            model._optimizer.learning_rate_init = rates.next()
        model.partial_fit(split.train_inputs, targets)
        predictions = model.predict(split.validation_inputs)
        curve.append(float(numpy.mean((predictions - validation_targets) ** 2)))
        rates.observe(curve[-1])
    return curve


def main():
    trials = longest_first(stratified(arguments(__doc__).parse_args().trials))
    data = splits.read()
    tasks = [joblib.delayed(train)(trial, data[trial.replicate]) for trial in trials]
    with joblib.Parallel(WORKERS) as parallel:
        parallel(joblib.delayed(time.sleep)(0.2) for _ in range(WORKERS))  # both workers have started
        begin = time.perf_counter()
        curves = parallel(tasks)
        seconds = time.perf_counter() - begin
    show("scikit-learn, MLPRegressor", ["scikit-learn", "joblib"], trials, curves, seconds)


if __name__ == "__main__":
    main()

"""Golden figures of the power law of learning curves, by SciPy: python power_law.py"""
import numpy as np
from scipy.optimize import curve_fit

ROWS = np.array([50.0, 100.0, 200.0, 400.0, 800.0, 1600.0])
CASES = {
    "exact": 0.02 + 3.0 * ROWS**-0.7,
    "noisy": np.array([0.2310, 0.1405, 0.0981, 0.0652, 0.0499, 0.0432]),
    "no_floor": np.array([0.2310, 0.1405, 0.0851, 0.0515, 0.0309, 0.0189]),
}


def law(rows, floor, scale, exponent):
    return floor + scale * rows**-exponent


for name, losses in CASES.items():
    found = None
    for start in (0.2, 0.5, 1.0, 1.5):
        fit, _ = curve_fit(
            law, ROWS, losses, p0=(losses.min() / 2, losses.max() * ROWS[0] ** start, start), sigma=losses,
            bounds=([0, 0, 0.01], [np.inf, np.inf, 4]), xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=200000,
        )
        error = np.sqrt(np.mean(((losses - law(ROWS, *fit)) / losses) ** 2))
        if found is None or error < found[1]:
            found = (fit, error)
    fit, error = found
    print(name, *(f"{value:.9g}" for value in fit), f"error {error:.9g}", f"at 3200 {law(3200.0, *fit):.9g}")

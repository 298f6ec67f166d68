"""Wilson intervals, exact McNemar p-values and Holm's adjustment by scipy and statsmodels, for the tests of src/metrics.

Usage: python statistics.py > statistics.json
"""
import json
import sys

del sys.path[0]  # this folder, whose `statistics` scipy would take for the standard library's

import numpy as np
import scipy
import statsmodels
from scipy.stats import binomtest, bootstrap
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

WILSON = [(0, 10), (1, 10), (5, 10), (10, 10), (0, 200), (12, 200), (98, 1600), (1599, 1600), (25000, 50000)]
MCNEMAR = [(0, 0), (1, 0), (0, 6), (5, 5), (1, 8), (121, 59), (10, 25), (300, 500), (2, 40)]
HOLM = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.8, 0.7], [0.001, 0.001, 0.2, 0.04, 0.02], [1.0, 0.02]]


def wilson(k, n):
    interval = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    return {"successes": k, "n": n, "low": float(interval.low), "high": float(interval.high)}


def exact(b, c):
    return {"b": b, "c": c, "p": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue) if b + c else 1.0}


def holm(p):
    return {"p": p, "adjusted": [float(x) for x in multipletests(p, method="holm")[1]]}


def ratio():
    """A ratio's percentile interval over rows drawn together: other random numbers, so only close to ours."""
    rng = np.random.default_rng(1)
    count = np.array([8, 8, 4, 8, 2, 8, 8, 6, 8, 8] * 12)
    total = rng.binomial(count, np.tile([0, 0.1, 0.6, 0.2], 30))

    def value(s, n, axis=-1):
        return s.sum(axis=axis) / n.sum(axis=axis)

    r = bootstrap((total, count), value, paired=True, n_resamples=20000, method="percentile", rng=rng)
    ci = r.confidence_interval
    return {"sum": total.tolist(), "count": count.tolist(), "low": float(ci.low), "high": float(ci.high)}


print(
    json.dumps(
        {
            "made": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
            "wilson": [wilson(k, n) for k, n in WILSON],
            "mcnemar": [exact(b, c) for b, c in MCNEMAR],
            "holm": [holm(p) for p in HOLM],
            "bootstrapRatio": ratio(),
        },
        separators=(",", ":"),
    )
)

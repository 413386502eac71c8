"""Entry by independent software, and its validation in time that the model has not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def simulate(slope, *, regions=40, activities=15, seed=3):
    """Return presence in three years, with the density at the first two; entry has a logit of density."""
    random = np.random.default_rng(seed)
    names = [f"r{i}" for i in range(regions)], [f"a{j}" for j in range(activities)]
    shape = regions, activities
    years = [pd.DataFrame((random.random(shape) < 0.1 + 0.6 * random.random(activities)).astype(int), *names)]
    densities = []
    for _ in range(2):
        density = gi.measure.relatedness_density(years[-1], gi.measure.proximity(years[-1]))
        entered = random.random(shape) < 1 / (1 + np.exp(3 - slope * density))
        years.append((years[-1] | entered).astype(int))
        densities.append(density)
    return years, densities


def candidates(start, end, density):
    lacking = start.to_numpy() == 0
    return density.to_numpy()[lacking], end.to_numpy()[lacking]


def test_the_logit_is_that_of_scikit_learn_without_penalty():
    linear = pytest.importorskip("sklearn.linear_model")
    metrics = pytest.importorskip("sklearn.metrics")
    (start, end, _), (density, _) = simulate(6)
    fit = gi.measure.entry_model(start, end, density)
    x, y = candidates(start, end, density)
    other = linear.LogisticRegression(C=np.inf, tol=1e-10, solver="newton-cholesky").fit(x[:, None], y)
    assert fit.coefficients.loc["density", "estimate"] == pytest.approx(other.coef_[0, 0], rel=1e-6)
    assert fit.auc.estimate == pytest.approx(metrics.roc_auc_score(y, x), rel=1e-12)
    assert (fit.candidates, fit.entries) == (len(y), y.sum())


def test_errors_are_clustered_by_region_and_by_activity():
    (start, end, _), (density, _) = simulate(6)
    fit = gi.measure.entry_model(start, end, density)
    x, y = candidates(start, end, density)
    terms = np.column_stack([np.ones_like(x), x])
    chance = 1 / (1 + np.exp(-terms @ fit.coefficients["estimate"].to_numpy()))
    bread = np.linalg.inv(terms.T * (chance * (1 - chance)) @ terms)
    spread = {}
    for name, group in zip(("region", "activity"), np.nonzero(start.to_numpy() == 0), strict=True):
        sums = pd.DataFrame(terms * (y - chance)[:, None]).groupby(group).sum().to_numpy()
        spread[name] = bread @ (sums.T @ sums) @ bread * len(sums) / (len(sums) - 1)
    cell = bread @ ((terms * (y - chance)[:, None] ** 2).T @ terms) @ bread
    both = np.diagonal(spread["region"] + spread["activity"] - cell)
    expected = np.maximum(both, np.maximum(*map(np.diagonal, spread.values())))
    np.testing.assert_allclose(fit.coefficients["se"], np.sqrt(expected), rtol=1e-9)


def test_a_planted_effect_is_found_and_validated_later():
    (start, end, later), (density, next_density) = simulate(8, regions=80)
    fit = gi.measure.entry_model(start, end, density, later=later, later_density=next_density)
    assert fit.validation == "later"
    assert fit.coefficients.loc["density", "low"] < 8 < fit.coefficients.loc["density", "high"]
    assert 0.5 < fit.auc.low < fit.auc.estimate < fit.auc.high < 1
    assert "which the model has not seen" in str(fit)
    now = gi.measure.entry_model(start, end, density, complexity=gi.measure.complexity(start))
    assert list(now.coefficients.index) == ["constant", "density", "complexity"]
    assert "to which nothing was fitted" in str(now)


def test_perfect_separation_is_refused():
    start = pd.DataFrame([[1, 0, 0], [0, 1, 0], [0, 0, 1]], list("xyz"), list("abc"))
    end = pd.DataFrame([[1, 1, 0], [0, 1, 1], [1, 0, 1]], list("xyz"), list("abc"))
    density = pd.DataFrame([[0, 0.4, 0.3], [0.2, 0, 0.5], [0.6, 0.1, 0]], list("xyz"), list("abc"))
    with pytest.raises(gi.errors.ColumnError, match="grow without bound"):
        gi.measure.entry_model(start, end, density)


def test_what_tells_nothing_is_refused():
    (start, end, _), (density, next_density) = simulate(6)
    with pytest.raises(gi.errors.ColumnError, match="none were entered"):
        gi.measure.entry_model(start, start, density)
    with pytest.raises(gi.errors.ColumnError, match="all were entered"):
        gi.measure.entry_model(start, start * 0 + 1, density)
    with pytest.raises(gi.errors.ColumnError, match="same for all candidates"):
        gi.measure.entry_model(start, end, density * 0)
    with pytest.raises(gi.errors.OptionError, match="go together"):
        gi.measure.entry_model(start, end, density, later_density=next_density)
    with pytest.raises(gi.errors.AlignmentError, match="different activities"):
        gi.measure.entry_model(start, end.iloc[:, 1:], density)
    with pytest.raises(gi.errors.ColumnError, match="at least two regions"):
        gi.measure.entry_model(start.iloc[[0]], start.iloc[[0]] | ([0, 1] * 7 + [0]), density.iloc[[0]])

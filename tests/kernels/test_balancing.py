"""Sums over pairs, compiled and in NumPy, against the formulas on full tables: full, gappy and sparse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoinno._kernels import balancing, gradients, plain
from geoinno.measure.interaction import _furness, _loops

ROWS, COLUMNS, TERMS = 7, 9, 3


@pytest.fixture(params=[1.0, 0.9, 0.3], ids=["full", "gappy", "sparse"])
def table(request):
    random = np.random.default_rng(4)
    known = random.random((ROWS, COLUMNS)) < request.param
    known[:, 0] = known[0] = True
    known[5] = False  # a row without pairs
    row, column = np.nonzero(known)
    terms = random.normal(size=(TERMS, len(row)))
    parameters = (random.normal(size=TERMS), random.normal(size=COLUMNS), random.uniform(1, 9, ROWS))
    return known, (row, column), terms, parameters


@pytest.fixture(params=["compiled", "NumPy"])
def laid(request, table, monkeypatch):
    """Return the loops over the pairs of the table, and its layout for them."""
    if request.param == "compiled":
        monkeypatch.setattr(_loops, "FEW_PAIRS", 0)
    layout = _loops.layout(*table[1], rows=ROWS, columns=COLUMNS)
    return _loops.over(layout), layout


def by_formulas(known, at, terms, parameters):
    """Balance rows by the formulas, on a full table."""
    slopes, inward, outflow = parameters
    full = np.zeros(known.shape)
    full[at] = np.exp(inward[at[1]] + slopes @ terms)
    outward = np.zeros(ROWS)
    some = known.any(axis=1)
    if outflow.size:
        outward[some] = np.log(outflow[some] / full.sum(axis=1)[some])
    return full * np.exp(outward)[:, None], outward


@pytest.mark.parametrize("profiled", [True, False])
def test_balanced_rows_and_their_sums_are_those_of_the_formulas(table, laid, profiled):
    (known, at, terms, parameters), (loops, layout) = table, laid
    if not profiled:
        parameters = (*parameters[:2], np.empty(0))
    expected, outward = by_formulas(known, at, terms, parameters)
    mean, ours, sums = loops.balanced(layout, terms, parameters)
    total, into, by_row, by_column, gram = sums
    np.testing.assert_allclose(total, expected.sum(axis=1), rtol=1e-12)
    for one, other in zip(loops.weighted_sums(layout, terms, mean, COLUMNS), sums, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(mean, expected[at], rtol=1e-13)
    np.testing.assert_allclose(ours, outward, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(into, expected.sum(axis=0), rtol=1e-12)
    weighted = np.zeros((TERMS, *known.shape))
    weighted[:, at[0], at[1]] = terms * expected[at]
    np.testing.assert_allclose(by_row, weighted.sum(axis=2), rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(by_column, weighted.sum(axis=1), rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(gram, (terms * expected[at]) @ terms.T, rtol=1e-11)


def test_crossing_is_two_products_with_the_table(table, laid):
    (known, at, terms, parameters), (loops, layout) = table, laid
    random = np.random.default_rng(8)
    full = by_formulas(known, at, terms, parameters)[0]
    per_row, shift, values = (
        random.normal(size=ROWS),
        random.normal(size=(2, ROWS)),
        random.normal(size=(2, COLUMNS)),
    )
    by_row, by_column = loops.crossed(layout, full[at], per_row, shift, values)
    expected = shift - per_row * (values @ full.T)
    np.testing.assert_allclose(by_row, expected, rtol=1e-12)
    np.testing.assert_allclose(by_column, expected @ full, rtol=1e-11, atol=1e-12)


def test_scores_are_what_effects_leave_times_the_gap(table, laid):
    (_, at, terms, _), (loops, layout) = table, laid
    random = np.random.default_rng(9)
    by_row, by_column = random.normal(size=(TERMS, ROWS)), random.normal(size=(TERMS, COLUMNS))
    gaps = random.normal(size=terms.shape[1])
    expected = (terms - by_row[:, at[0]] - by_column[:, at[1]]) * gaps
    np.testing.assert_allclose(loops.scores(layout, terms, by_row, by_column, gaps), expected, rtol=1e-12)


def test_working_sums_regress_the_logarithms_that_linear_models_start_from(table, laid):
    (known, at, terms, _), (loops, layout) = table, laid
    random = np.random.default_rng(10)
    flow = random.poisson(1.0, len(at[0])).astype(float)
    sizes = random.uniform(0.1, 2, ROWS), random.uniform(0.1, 2, COLUMNS)
    m = (flow + sizes[0][at[0]] * sizes[1][at[1]]) / 2
    response = np.log(m) + (flow - m) / m
    weight, sums = loops.working_sums(layout, terms, flow, sizes)
    np.testing.assert_allclose(weight, m, rtol=1e-14)
    for k, term in enumerate([*terms, response]):
        weighted = np.zeros(known.shape)
        weighted[at] = m * term
        np.testing.assert_allclose(sums[2][k], weighted.sum(axis=1), rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(sums[3][k], weighted.sum(axis=0), rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(sums[4][:TERMS, :TERMS], (terms * m) @ terms.T, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(sums[4][TERMS, :TERMS], terms @ (m * response), rtol=1e-11, atol=1e-12)


def test_gradients_solve_the_equations_of_column_effects(table, monkeypatch):
    known, at, terms, parameters = table
    monkeypatch.setattr(_loops, "FEW_PAIRS", 0)
    layout = _loops.layout(*at, rows=ROWS, columns=COLUMNS)
    full = by_formulas(known, at, terms, parameters)[0]
    columns, rows = full.sum(axis=0), full.sum(axis=1)
    per_row = np.divide(1, rows, out=np.zeros(ROWS), where=rows > 0)
    matrix = np.diag(columns) - full.T * per_row @ full
    aim = np.random.default_rng(11).normal(size=(3, COLUMNS)) @ matrix
    aim[1] = 0  # solved before it begins
    limits = (1 / columns, 60)
    found, left, solved = gradients.conjugate_gradients(
        (layout, full[at], per_row, columns), aim, np.zeros_like(aim), np.full(3, 1e-26), limits
    )
    assert solved
    np.testing.assert_allclose(found @ matrix, aim, atol=1e-10)
    np.testing.assert_allclose(aim - found @ matrix, left, atol=1e-10)
    assert (found[1] == 0).all()


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_many_pairs_have_the_same_sums_for_any_number_of_threads(share, monkeypatch):
    random = np.random.default_rng(12)
    row, column = np.nonzero(random.random((300, 310)) < share)
    layout, ends = _loops.layout(row, column, rows=300, columns=310), plain.Ends(row, column, 300)
    terms, flow = random.normal(size=(2, len(row))), random.poisson(1.0, len(row)).astype(float)
    parameters = random.normal(size=2), random.normal(size=310), random.uniform(1, 9, 300)
    sizes = random.uniform(1, 2, 300), random.uniform(1, 2, 310)
    mean, _, sums = plain.balanced(ends, terms, parameters)
    aim = random.normal(size=(3, 310))
    system, limits = (layout, mean, 1 / sums[0], sums[1]), (1 / sums[1], 30)
    monkeypatch.setattr(balancing, "_PART", 14)
    monkeypatch.setattr(gradients, "_MANY", 0)
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("GEOINNO_THREADS", threads)
        ours = (
            balancing.balanced(layout, terms, parameters),
            balancing.working_sums(layout, terms, flow, sizes),
        )
        solved = gradients.conjugate_gradients(system, aim - aim.mean(), 0 * aim, np.full(3, 1e-9), limits)
        found.append([*ours[0][:2], *ours[0][2], ours[1][0], *ours[1][1], *solved])
    assert len(balancing._parts(layout[0])) > 2
    theirs = [*plain.balanced(ends, terms, parameters), *plain.working_sums(ends, terms, flow, sizes)]
    theirs = [*theirs[:2], *theirs[2], theirs[3], *theirs[4]]
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    for compiled, reference in zip(found[0], theirs, strict=False):
        np.testing.assert_allclose(compiled, reference, rtol=1e-10, atol=1e-9)


def test_furness_reaches_margins_that_can_be_reached():
    random = np.random.default_rng(3)
    weights = random.uniform(0, 2, (6, 6)) * (1 - np.eye(6))
    outflow, inflow = (random.dirichlet(np.ones(6)) * 100 for _ in range(2))
    row, column, _ = _furness.balance(weights, outflow, inflow, ids=pd.Index(list("abcdef")))
    table = row[:, None] * weights * column
    np.testing.assert_allclose(table.sum(axis=1), outflow, rtol=1e-9)
    np.testing.assert_allclose(table.sum(axis=0), inflow, rtol=1e-9)


def test_quasi_independence_of_a_product_table_is_the_table():
    # Savage and Deutsch (1960): where flows are a_i b_j off the diagonal, that is what is expected.
    a, b = np.array([5.0, 2, 7, 1]), np.array([3.0, 4, 1, 6])
    flows = np.outer(a, b) * (1 - np.eye(4))
    row, column, _ = _furness.balance(
        1 - np.eye(4), flows.sum(axis=1), flows.sum(axis=0), ids=pd.Index(list("abcd"))
    )
    np.testing.assert_allclose(np.outer(row, column) * (1 - np.eye(4)), flows, rtol=1e-9)

"""The index: published worked examples, closed forms, and clear words where there is no answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import geoinno as gi
from geoinno import measure as m
from geoinno.measure.composite import _national, _treatment

IDS = list("abcdefgh")


@pytest.fixture(scope="module")
def table():
    cells = np.random.default_rng(0).gamma(2, size=(8, 5)) + 1
    return pd.DataFrame(cells, IDS, ["papers", "staff", "patents", "firms", "trade"])


STRUCTURE = {"science": ["papers", "staff"], "business": ["patents", "firms", "trade"]}
NESTED = {"knowledge": {"basic": ["papers"], "applied": ["staff", "patents"]}, "business": ["firms", "trade"]}


def scores(table, **options):
    return m.composite_index(table, **options).scores


# Human Development Report 2001, technical note 2: the technology achievement index of New Zealand.
POSTS = {
    "patents": (0, 994), "royalties": (0, 272.6), "internet": (0, 232.4), "exports": (0, 80.8),
    "telephones": (np.log(1), np.log(901)), "electricity": (np.log(22), np.log(6969)),
    "schooling": (0.8, 12.0), "tertiary": (0.1, 27.4),
}  # fmt: skip
NEW_ZEALAND = {
    "patents": 103, "royalties": 13.0, "internet": 146.7, "exports": 15.4, "telephones": np.log(720),
    "electricity": np.log(8215), "schooling": 11.7, "tertiary": 13.1,
}  # fmt: skip


def test_the_technology_achievement_index_has_its_printed_values():
    structure = {
        "creation": ["patents", "royalties"],
        "recent": ["internet", "exports"],
        "old": ["telephones", "electricity"],
        "skills": ["schooling", "tertiary"],
    }
    index = m.composite_index(
        pd.DataFrame([NEW_ZEALAND], index=["NZL"]),
        structure=structure,
        normalise="goalposts",
        options=m.IndexOptions(goalposts=POSTS),
    )
    found = index.scores.loc["NZL"] / 100
    printed = {"creation": 0.076, "recent": 0.411, "old": 0.984, "skills": 0.725, "index": 0.549}
    for name, value in printed.items():
        assert found[name] == pytest.approx(value, abs=1e-3)
    # Above the goalpost, the average of the OECD, electricity counts as 1: cut, and on record.
    assert index.changes[["region", "indicator", "step"]].to_numpy().tolist() == [
        ["NZL", "electricity", "goalposts"]
    ]


def test_outliers_are_judged_and_drawn_in_as_coinr_prints():
    # COINr 1.1.14, vignette "Outlier Treatment": skew, kurt, and both after one point is winsorised.
    x = np.array([*range(1, 11), 30.0, 100.0])
    assert [k[0] for k in _treatment.moments(x[:, None])] == pytest.approx([3.063241, 9.741391], abs=1e-6)
    inside = _treatment.winsorised(x)
    assert [k[0] for k in _treatment.moments(inside[:, None])] == pytest.approx(
        [1.712038, 1.815781], abs=1e-6
    )
    assert inside.tolist() == [*range(1, 11), 30, 30]


def test_moments_are_those_of_scipy(table):
    skewness, kurtosis = _treatment.moments(table.to_numpy())
    np.testing.assert_allclose(skewness, stats.skew(table, bias=False), rtol=1e-10)
    np.testing.assert_allclose(kurtosis, stats.kurtosis(table, bias=False), rtol=1e-10)


def test_treated_columns_are_on_record_and_the_rest_untouched():
    table = pd.DataFrame(
        {"heavy": [*range(1, 11), 30.0, 100.0], "light": np.arange(12.0)}, list("abcdefghijkl")
    )
    index = m.composite_index(table, options=m.IndexOptions(treat="winsorise"))
    row = index.changes.iloc[0]
    assert len(index.changes) == 1
    assert (row["region"], row["indicator"], row["step"], row["before"], row["after"]) == (
        "l", "heavy", "winsorised", 100, 30,
    )  # fmt: skip
    assert row["reason"] == "skewness 3.06, kurtosis 9.74"
    assert m.composite_index(table).changes.empty


def test_where_five_points_are_not_enough_logs_are_taken():
    x = np.concatenate([np.linspace(1, 2, 60), np.geomspace(100, 1e5, 8)])
    found, step = _treatment.treated(x, "winsorise")
    assert step == "log"
    np.testing.assert_allclose(found, np.log((x.max() - 1) * (x - 1) / (x.max() - 1) + 1), rtol=1e-12)
    # Mirrored for a long lower tail; below 1, where the formula would turn, it still rises.
    np.testing.assert_allclose(_treatment.logged(-x), -np.log((x.max() - 1) * (x - 1) / (x.max() - 1) + 1))
    assert (np.diff(_treatment.logged(x / 1e6)) > 0).all()


def test_min_max_and_arithmetic_means_are_those_of_the_formula(table):
    unit = 100 * (table - table.min()) / (table.max() - table.min())
    unit["firms"] = 100 - unit["firms"]
    found = scores(table, structure=STRUCTURE, direction={"firms": -1})
    science, business = unit[STRUCTURE["science"]].mean(axis=1), unit[STRUCTURE["business"]].mean(axis=1)
    assert list(found.columns) == ["index", "science", "business"]
    np.testing.assert_allclose(found["science"], science, rtol=1e-12)
    np.testing.assert_allclose(found["index"], (science + business) / 2, rtol=1e-12)
    weighted = scores(
        table, structure=STRUCTURE, direction={"firms": -1}, weights={"science": 3, "business": 1}
    )
    np.testing.assert_allclose(weighted["index"], 0.75 * science + 0.25 * business, rtol=1e-12)


def test_levels_may_be_nested_to_any_depth(table):
    found = m.composite_index(table, structure=NESTED)
    assert list(found.scores.columns) == ["index", "knowledge", "basic", "applied", "business"]
    expected = found.scores[["basic", "applied"]].mean(axis=1)
    np.testing.assert_allclose(found.scores["knowledge"], expected, rtol=1e-12)
    assert found.table.loc["staff", ["group", "weight", "in_index"]].tolist() == ["applied", 0.5, 0.125]
    assert found.table["in_index"].sum() == pytest.approx(1)


def test_standard_deviations_are_those_of_the_population(table):
    z = (table - table.mean()) / table.std(ddof=0)
    np.testing.assert_allclose(scores(table, normalise="z")["index"], z.mean(axis=1), atol=1e-12)
    mpi = 100 + 10 * z
    expected = mpi.mean(axis=1) - mpi.std(axis=1, ddof=0) ** 2 / mpi.mean(axis=1)
    for normalise in ("minmax", "z"):
        found = scores(table, normalise=normalise, aggregate="mazziotta-pareto")["index"]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    up = scores(table, aggregate="mazziotta-pareto", options=m.IndexOptions(penalty="up"))["index"]
    np.testing.assert_allclose(up, 2 * mpi.mean(axis=1) - expected, rtol=1e-12)


def test_geometric_and_ces_means(table):
    unit = 1 + 99 * (table - table.min()) / (table.max() - table.min())
    geometric = scores(table, aggregate="geometric")["index"]
    np.testing.assert_allclose(geometric, stats.gmean(unit, axis=1), rtol=1e-12)
    for power, expected in ((0, geometric), (-1, stats.hmean(unit, axis=1))):
        found = scores(table, aggregate="ces", options=m.IndexOptions(power=power))["index"]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    found = scores(table, aggregate="ces", options=m.IndexOptions(power=1))["index"]
    np.testing.assert_allclose(found, scores(table)["index"], rtol=1e-12)


def test_ranks_and_distances_to_the_frontier(table):
    np.testing.assert_allclose(
        scores(table, normalise="rank")["index"], table.rank().mean(axis=1), rtol=1e-12
    )
    found = m.composite_index(table, normalise="frontier", direction={"firms": -1}).indicators
    np.testing.assert_allclose(found["papers"], 100 * table["papers"] / table["papers"].max())
    np.testing.assert_allclose(found["firms"], 100 * table["firms"].min() / table["firms"])


def test_principal_components_and_entropy_weigh():
    common = np.random.default_rng(1).normal(size=60)
    noise = np.random.default_rng(2).normal(size=(60, 3)) * [0.2, 0.6, 1.5]
    table = pd.DataFrame(common[:, None] + noise, [f"r{i}" for i in range(60)], list("xyz"))
    found = m.composite_index(table, weights="pca").table["weight"]
    _, loadings = np.linalg.eigh(table.corr())
    np.testing.assert_allclose(found, loadings[:, -1] ** 2, rtol=1e-8)
    with pytest.raises(gi.errors.ColumnError, match=r"'x' \(1 in all\) count against"):
        m.composite_index(table, weights="pca", direction={"x": -1})
    unit = (table - table.min()) / (table.max() - table.min())
    entropy = unit.apply(lambda x: stats.entropy(x / x.sum()) / np.log(60))
    found = m.composite_index(table, weights="entropy").table["weight"]
    np.testing.assert_allclose(found, (1 - entropy) / (1 - entropy).sum(), rtol=1e-10)


def test_weights_by_benefit_of_the_doubt_are_linear_programmes(table):
    unit = ((table - table.min()) / (table.max() - table.min())).to_numpy()
    found = scores(table, weights="benefit-of-doubt")["index"]
    for i, x in enumerate(unit):
        best = optimize.linprog(-x, A_ub=unit, b_ub=np.ones(len(unit)), method="highs")
        assert found.iloc[i] == pytest.approx(-100 * best.fun, rel=1e-9)


def test_nothing_is_imputed_unless_asked(table):
    holes = table.copy()
    holes.loc["c", "staff"] = np.nan
    found = m.composite_index(holes, structure=STRUCTURE)
    assert found.scores.loc["c"].isna().to_dict() == {"index": True, "science": True, "business": False}
    assert found.scores["index"].notna().sum() == 7
    assert found.changes.empty
    country = pd.Series(list("XXXXYYYY"), IDS)
    expected = {"mean": holes["staff"].mean(), "median": holes["staff"].median()}
    expected["country"] = holes["staff"][list("abd")].median()
    for rule, value in expected.items():
        filled = m.composite_index(holes, country=country, options=m.IndexOptions(impute=rule))
        assert filled.changes[["region", "indicator", "after"]].to_numpy().tolist() == [["c", "staff", value]]
        assert filled.scores["index"].notna().all()
    holes.loc[list("abcd"), "staff"] = np.nan
    with pytest.raises(gi.errors.ColumnError, match=r"'staff' has no value in 'a', 'b', 'c', 'd' \(4"):
        m.composite_index(holes, country=country, options=m.IndexOptions(impute="country"))


def test_denominators_divide_and_are_no_part(table):
    found = m.composite_index(table, options=m.IndexOptions(denominators={"papers": "trade"}))
    assert list(found.indicators.columns) == ["papers", "staff", "patents", "firms"]
    ratio = table["papers"] / table["trade"]
    np.testing.assert_allclose(
        found.indicators["papers"], 100 * (ratio - ratio.min()) / (ratio.max() - ratio.min())
    )
    assert ("papers", "denominated", "divided by trade") in found.steps.itertuples(index=False)


def test_national_values_are_pulled_down_and_shrunk(table):
    country = pd.Series(list("XXXYYYZZ"), IDS)
    national = pd.DataFrame({"rule of law": [1.0, 2.0, 4.0]}, index=list("XYZ"))
    exact = m.composite_index(table, country=country, options=m.IndexOptions(national=national))
    assert exact.indicators["rule of law"].to_list() == pytest.approx([0] * 3 + [100 / 3] * 3 + [100] * 2)
    se = pd.DataFrame({"rule of law": [0.1, 0.1, 2.0]}, index=list("XYZ"))
    options = m.IndexOptions(national=national, national_se=se)
    found = m.composite_index(table, country=country, options=options)
    assert set(found.changes["step"]) == {"shrunk"}
    # Of the unsure value least is left: it is drawn towards the others.
    after = found.changes.groupby("before")["after"].first()
    assert abs(after[4.0] - 4) > 10 * abs(after[1.0] - 1)


def test_shrinkage_solves_the_equation_of_paule_and_mandel():
    y, se = np.array([1.0, 3.0, 6.0, 2.0, 7.0]), np.array([0.5, 1.0, 0.3, 0.8, 1.5])

    def gap(t2):
        mean = np.average(y, weights=1 / (se**2 + t2))
        return ((y - mean) ** 2 / (se**2 + t2)).sum() - 4

    t2 = optimize.brentq(gap, 0, 100)
    mean = np.average(y, weights=1 / (se**2 + t2))
    np.testing.assert_allclose(_national.shrunk(y, se), mean + t2 / (t2 + se**2) * (y - mean), rtol=1e-8)
    # Where errors explain all the spread, nothing is left of it.
    same = _national.shrunk(y, np.full(5, 10.0))
    np.testing.assert_allclose(same, y.mean(), rtol=1e-9)


def test_traps_are_named():
    rng = np.random.default_rng(3)
    common = rng.normal(size=50)
    table = pd.DataFrame(
        {"a": common, "b": common + 0.1 * rng.normal(size=50), "c": -common},
        index=[f"r{i}" for i in range(50)],
    )
    index = m.composite_index(table, weights={"a": 1, "b": 1, "c": 0.5})
    assert index.table["against"].to_dict() == {"a": False, "b": False, "c": True}
    assert "'c' (1 in all) correlates negatively" in str(index)
    r = np.corrcoef(index.indicators.T)[np.triu_indices(3, 1)].mean()
    assert index.consistency["index"] == pytest.approx(3 * r / (1 + 2 * r))
    assert index.table["effective"].sum() == pytest.approx(1)


def test_one_region_and_one_indicator(table):
    one = scores(table[["papers"]])["index"]
    assert (one.min(), one.max()) == (0, 100)
    with pytest.raises(gi.errors.ColumnError, match="one region alone"):
        scores(table.head(1))
    posts = dict.fromkeys(table, (0, 10))
    options = m.IndexOptions(goalposts=posts)
    found = scores(table.head(1), normalise="goalposts", options=options)["index"]
    assert found.iloc[0] == pytest.approx(10 * table.iloc[0].mean())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"normalise": "z", "aggregate": "geometric"}, "z-scores are negative"),
        ({"normalise": "z", "aggregate": "ces"}, "zero or more"),
        ({"normalise": "rank", "aggregate": "mazziotta-pareto"}, "standardises by itself"),
        ({"normalise": "goalposts"}, "needs IndexOptions"),
        ({"weights": "entropy", "normalise": "z"}, "Entropy weights"),
        ({"weights": "best"}, "must be one of"),
        ({"weights": {"papers": 1}}, "others have none: "),
        ({"weights": {"books": 1}}, "not in the index"),
        ({"weights": {"papers": -1}}, "zero or more"),
        ({"direction": {"papers": 0}}, "less is better"),
        ({"direction": {"books": -1}}, "not in the index"),
        ({"structure": {"science": ["papers"]}}, "in no group"),
        ({"structure": {**STRUCTURE, "more": ["papers"]}}, "stand twice"),
        ({"structure": {"index": list("ab")}}, "stand twice"),
        ({"structure": {**STRUCTURE, "more": ["books"]}}, "not in the table"),
        ({"structure": ["papers"]}, "must be a mapping"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(table, change, words):
    with pytest.raises(gi.errors.GeoinnoError, match=words):
        m.composite_index(table, **change)


def test_values_that_have_no_index_are_refused_in_words(table):
    with pytest.raises(gi.errors.ColumnError, match="'firms' has the same value"):
        scores(table.assign(firms=1.0))
    with pytest.raises(gi.errors.ColumnError, match="infinite in 'a'"):
        scores(table.replace(table.loc["a", "firms"], np.inf))
    with pytest.raises(gi.errors.ColumnError, match="DataFrame"):
        scores(table.to_numpy())
    with pytest.raises(gi.errors.ColumnError, match="must be numeric"):
        scores(table.assign(firms="many"))
    options = m.IndexOptions(goalposts={name: (table[name].min(), 10) for name in table})
    with pytest.raises(gi.errors.ColumnError, match="above zero"):
        scores(table, normalise="goalposts", aggregate="geometric", options=options)


def test_the_index_speaks_in_words(table):
    words = str(m.composite_index(table, structure=STRUCTURE))
    assert words.startswith("The index of 8 regions from 5 indicators (equal weights) is highest in ")
    assert "No value was imputed or treated." in words


# Life expectancy, expected and mean years of schooling, income per head, and the index of 2021 (UNDP 2022,
# Human Development Report 2021/22, statistical table 1).
HDI = {
    "Switzerland": (84.0, 16.5, 13.9, 66_933, 0.962),
    "Norway": (83.2, 18.2, 13.0, 64_660, 0.961),
    "Iceland": (82.7, 19.2, 13.8, 55_782, 0.959),
    "Australia": (84.5, 21.1, 12.7, 49_238, 0.951),
    "United States": (77.2, 16.3, 13.7, 64_765, 0.921),
    "Niger": (61.6, 7.0, 2.1, 1_240, 0.400),
    "Chad": (52.5, 8.0, 2.6, 1_364, 0.394),
    "South Sudan": (55.0, 5.5, 5.7, 768, 0.385),
}
HDI_POSTS = {"life": (20, 85), "expected": (0, 18), "mean": (0, 15), "income": (100, 75_000)}


def human_development(table):
    options = m.IndexOptions(logs=["income"], goalposts=HDI_POSTS, aggregates={"education": "arithmetic"})
    return m.composite_index(
        table,
        structure={"health": ["life"], "education": ["expected", "mean"], "standard": ["income"]},
        normalise="goalposts",
        aggregate="geometric",
        options=options,
    )


def test_the_human_development_index_is_met_within_what_its_inputs_are_rounded_by():
    table = pd.DataFrame.from_dict(HDI, orient="index", columns=[*HDI_POSTS, "printed"])
    printed = table.pop("printed")
    half = pd.Series({"life": 0.05, "expected": 0.05, "mean": 0.05, "income": 0.5})
    low, high = (human_development(table + sign * half).scores["index"] / 100 for sign in (-1, 1))
    assert ((low - 0.0005 <= printed) & (printed <= high + 0.0005)).all()
    assert (high - low < 0.004).all()
    found = human_development(table)
    assert found.steps.loc[found.steps["step"] == "log", "indicator"].to_list() == ["income"]
    assert set(found.changes["indicator"]) == {"expected"}  # of more than 18 years, 18 count


def test_per_cent_of_the_value_of_the_country_go_beyond_a_hundred():
    table = pd.DataFrame({"x": [5.0, 10.0, 30.0], "y": [2.0, 4.0, 1.0]}, list("abc"))
    options = m.IndexOptions(goalposts={"x": (0, 10), "y": (0, 2)}, cut=False)
    found = m.composite_index(table, normalise="goalposts", options=options)
    assert found.scores["index"].to_list() == [75.0, 150.0, 175.0]
    assert found.changes.empty


@pytest.mark.parametrize(
    ("options", "arguments", "words"),
    [
        ({"logs": ["z"]}, {}, "not in the table: 'z'"),
        ({"logs": ["y"]}, {}, "'y' has no logarithm in 'a'"),
        (
            {"logs": ["x"], "goalposts": {"x": (0, 9), "y": (0, 9)}},
            {"normalise": "goalposts"},
            "logs must be above zero; see 'x'",
        ),
        ({"aggregates": {"science": "geometric"}}, {}, "aggregates names no group of the index: 'science'"),
        (
            {"aggregates": {"index": "geometric"}},
            {"normalise": "z"},
            "geometric mean needs values above zero",
        ),
        ({"aggregates": {"index": "ces"}}, {"aggregate": "mazziotta-pareto"}, "a scale of its own"),
        (
            {"treat": "log", "goalposts": {"x": (0, 9), "y": (0, 9)}},
            {"normalise": "goalposts"},
            "Leave treat out",
        ),
    ],
)
def test_logs_goalposts_and_means_that_do_not_go_together_are_refused(options, arguments, words):
    table = pd.DataFrame({"x": [1.0, 2.0, 4.0], "y": [0.0, 4.0, 1.0]}, list("abc"))
    with pytest.raises(gi.errors.GeoinnoError, match=words):
        m.composite_index(table, options=m.IndexOptions(**options), **arguments)

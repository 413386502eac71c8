"""Rank intervals: draws by hand, Sobol indices beside SALib, and nothing left out silently."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import geoinno as gi
from geoinno import measure as m
from geoinno.measure.composite import _draws, _sensitivity, _settings

STRUCTURE = {"science": ["a", "b"], "business": {"firms": ["c", "d"], "trade": ["e"]}}
EXACT = m.RankOptions(
    normalise=("minmax",), aggregate=("arithmetic",), treat=(None,), weight_spread=0, noise=0, sobol=0
)


@pytest.fixture(scope="module")
def table():
    cells = np.random.default_rng(0).gamma(2, size=(30, 5)) + 1
    return pd.DataFrame(cells, [f"r{i:02d}" for i in range(30)], list("abcde"))


@pytest.fixture(scope="module")
def found(table):
    return m.rank_intervals(table, structure=STRUCTURE, draws=300)


def setting(table, options, draws=50):
    case = _settings.case(table, options, structure=STRUCTURE, direction=None, weights=None, country=None)
    return _settings.setting(case, options, draws=draws, seed=0)


def test_without_choices_or_noise_every_draw_is_the_index(table):
    found = m.rank_intervals(table, structure=STRUCTURE, draws=20, options=EXACT)
    rank = m.composite_index(table, structure=STRUCTURE).rank
    for column in ("rank", "low", "high", "baseline"):
        np.testing.assert_array_equal(found.table[column], rank)
    assert found.table["top"].to_list() == (rank <= 10).astype(float).to_list()
    assert found.shift == 0
    assert found.sobol.empty
    assert (np.diag(found.acceptability.loc[rank.sort_values().index]) == 1).all()


def test_a_draw_is_the_index_by_the_same_choices(table):
    options = m.RankOptions(normalise=("minmax", "z", "rank"), aggregate=("arithmetic", "geometric", "ces"))
    drawn = setting(table, options)
    weights = {name: rows[7] for name, rows in drawn.weights.items()}
    named = {
        member: share
        for group in drawn.tree.groups
        for member, share in zip(group.members, weights[group.name], strict=True)
    }
    for k, normalise in enumerate(options.normalise):
        for a, aggregate in enumerate(options.aggregate):
            if normalise == "z" and aggregate != "arithmetic":
                continue
            score = _draws.scores(drawn, _draws.Choice(normalise=k, aggregate=a, weights=7))
            index = m.composite_index(
                table, structure=STRUCTURE, weights=named, normalise=normalise, aggregate=aggregate
            )
            np.testing.assert_array_equal(_draws.rank(score), index.rank)


def test_draws_on_goalposts_and_to_the_frontier_are_the_index_by_the_same_choices(table):
    posts = {name: (0.5, 12) if name != "b" else (0, 20) for name in table}
    index = m.IndexOptions(goalposts=posts, aggregates={"science": "geometric"})
    options = m.RankOptions(
        normalise=("goalposts", "frontier", "minmax"), treat=("winsorise",), noise=0, index=index
    )
    direction = {"b": -1, "d": -1}
    case = _settings.case(
        table, options, structure=STRUCTURE, direction=direction, weights=None, country=None
    )
    drawn = _settings.setting(case, options, draws=30, seed=0)
    for k, normalise in enumerate(options.normalise):
        for a, aggregate in enumerate(options.aggregate):
            score = _draws.scores(drawn, _draws.Choice(normalise=k, aggregate=a))
            single = m.IndexOptions(
                goalposts=posts if normalise == "goalposts" else None,
                treat=None if normalise == "goalposts" else "winsorise",
                aggregates={"science": "geometric"},
            )
            found = m.composite_index(
                table,
                structure=STRUCTURE,
                normalise=normalise,
                aggregate=aggregate,
                direction=direction,
                options=single,
            )
            np.testing.assert_allclose(score, found.scores["index"], rtol=1e-12)


def test_equal_regions_share_the_best_of_their_ranks():
    score = np.array([3.0, 5.0, 3.0, 1.0, 5.0, 5.0])
    assert _draws.rank(score).tolist() == [4, 1, 4, 6, 1, 1]
    np.testing.assert_array_equal(_draws.rank(score), stats.rankdata(-score, method="min"))


def test_indicators_in_blocks_are_those_in_one(table, monkeypatch):
    first = m.rank_intervals(table, structure=STRUCTURE, draws=40)
    monkeypatch.setattr(_draws, "_BLOCK", 1)
    again = m.rank_intervals(table, structure=STRUCTURE, draws=40)
    pd.testing.assert_frame_equal(first.table, again.table)
    pd.testing.assert_frame_equal(first.sobol, again.sobol)


def test_progress_is_reported_by_blocks_of_draws(table):
    seen = []

    def follow(blocks):
        for block in blocks:
            seen.append(block)
            yield block

    m.rank_intervals(table, draws=120, options=m.RankOptions(sobol=0, progress=follow))
    assert seen == [0, 50, 100]


def test_a_frontier_or_goalpost_that_noise_crosses_is_refused_in_words(table):
    noisy = m.RankOptions(normalise=("frontier",), aggregate=("geometric",), treat=(None,), noise=3, sobol=0)
    with pytest.raises(gi.errors.ColumnError, match="'frontier'"):
        m.rank_intervals(table, draws=50, options=noisy)
    posts = m.IndexOptions(goalposts=dict.fromkeys(table, (1.5, 9)))
    short = m.RankOptions(normalise=("goalposts",), aggregate=("geometric",), sobol=0, index=posts)
    with pytest.raises(gi.errors.ColumnError, match="Set goalposts farther out"):
        m.rank_intervals(table, draws=50, options=short)


def test_the_rank_is_the_median_and_shares_sum_to_one(found):
    assert list(found.table.columns[:4]) == ["rank", "low", "high", "top"]
    assert ((found.table["low"] <= found.table["rank"]) & (found.table["rank"] <= found.table["high"])).all()
    np.testing.assert_allclose(found.acceptability.sum(axis=1), 1)
    np.testing.assert_allclose(found.acceptability.loc[:, :10].sum(axis=1), found.table["top"])
    np.testing.assert_allclose(found.acceptability.sum(axis=0), 1, atol=1e-9)


def test_every_draw_is_accounted_for(found):
    counts = found.choices.groupby("choice")["draws"].sum()
    assert (counts == 300).all()
    assert set(counts.index) == {"treat", "normalise", "aggregate", "weights", "noise"}
    assert (found.choices["draws"] > 0).all()


def test_above_two_hundred_regions_acceptability_is_by_decile():
    cells = np.random.default_rng(1).normal(size=(250, 3))
    table = pd.DataFrame(cells, [f"r{i}" for i in range(250)], list("xyz"))
    found = m.rank_intervals(table, draws=40, options=m.RankOptions(aggregate=("arithmetic",), sobol=0))
    assert list(found.acceptability.columns) == list(range(1, 11))
    np.testing.assert_allclose(found.acceptability.sum(axis=0), 25)


def test_weights_spread_as_stated(table):
    rows = setting(table, m.RankOptions(weight_spread=0.3), draws=4000).weights["science"]
    np.testing.assert_allclose(rows.sum(axis=1), 1)
    np.testing.assert_allclose(rows[1:].std(axis=0) / rows[1:].mean(axis=0), 0.3, rtol=0.05)
    np.testing.assert_array_equal(rows[0], 0.5)


def test_sobol_indices_are_those_of_salib(table, monkeypatch):
    salib = pytest.importorskip("SALib.analyze.sobol", reason="SALib is not installed: pip install SALib")
    drawn = setting(table, m.RankOptions())
    runs = []
    plain = _sensitivity._shifts

    def kept(*arguments, **options):
        runs.append(plain(*arguments, **options))
        return runs[-1]

    monkeypatch.setattr(_sensitivity, "_shifts", kept)
    baseline = _draws.rank(_draws.scores(drawn, _draws.Choice()))
    found = _sensitivity.indices(drawn, baseline, base=64)
    # By SALib's own estimators. Its front door centres runs on the mean of all of them, AB included, scipy on
    # that of A and B: the first indices then differ by the noise of the sample.
    first, second, *mixed = (run - np.mean(runs[:2]) for run in runs)
    theirs = [salib.first_order(first, ab, second) for ab in mixed]
    np.testing.assert_allclose(found["first"], theirs, atol=1e-10)
    theirs = [salib.total_order(first, ab, second) for ab in mixed]
    np.testing.assert_allclose(found["total"], theirs, atol=1e-10)


def test_a_choice_that_changes_nothing_has_no_influence(table):
    # Ranks of an arithmetic mean of one indicator do not depend on the scale.
    options = m.RankOptions(normalise=("minmax", "rank"), treat=(None, "log"), noise=0.2, sobol=32)
    found = m.rank_intervals(table[["a"]], draws=20, options=options)
    assert list(found.sobol.index) == ["treat", "normalise", "aggregate", "noise"]
    assert found.sobol.loc[["normalise", "aggregate"], "total"].abs().max() < 1e-12
    assert found.sobol.loc["noise", "total"] > 0.9


def test_noise_may_be_given_by_cell(table):
    se = pd.DataFrame(0.0, table.index, table.columns)
    se.loc["r00"] = 5.0
    options = m.RankOptions(
        normalise=("minmax",), aggregate=("arithmetic",), treat=(None,), weight_spread=0, se=se, sobol=0
    )
    width = m.rank_intervals(table, draws=100, options=options).table.eval("high - low")
    assert width.idxmax() == "r00"
    with pytest.raises(gi.errors.OptionError, match="no column for 'e'"):
        m.rank_intervals(table, options=m.RankOptions(se=se.drop(columns="e")))


def test_what_an_indicator_adds_is_the_shift_without_it(table, found):
    full = m.composite_index(table, structure=STRUCTURE).rank
    without = m.composite_index(
        table.drop(columns="e"), structure={"science": ["a", "b"], "business": ["c", "d"]}
    ).rank
    # Without its only member a group drops out, and its weight goes to the others.
    assert found.indicators.loc["e", "adds"] == pytest.approx((full - without).abs().mean())
    assert found.indicators.loc["a", ["group", "in_index"]].tolist() == ["science", 0.25]


def test_missing_values_are_refused_or_among_the_choices(table):
    holes = table.copy()
    holes.loc["r03", "c"] = np.nan
    with pytest.raises(gi.errors.ColumnError, match=r"'c' has no value in 'r03' \(1 in all\).*impute="):
        m.rank_intervals(holes, draws=20)
    options = m.RankOptions(impute=("mean", "median"), sobol=16)
    found = m.rank_intervals(holes, draws=40, options=options)
    assert found.choices.set_index("choice").loc["impute", "draws"].sum() == 40
    assert "impute" in found.sobol.index


def test_the_seed_repeats_the_draws_whatever_the_threads(table, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", "1")
    first = m.rank_intervals(table, draws=50, seed=3, options=m.RankOptions(sobol=0))
    monkeypatch.setenv("GEOINNO_THREADS", "3")
    again = m.rank_intervals(table, draws=50, seed=3, options=m.RankOptions(sobol=0))
    pd.testing.assert_frame_equal(first.table, again.table)
    assert not first.table.equals(
        m.rank_intervals(table, draws=50, seed=4, options=m.RankOptions(sobol=0)).table
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"normalise": ()}, "at least one option"),
        ({"normalise": "minmax"}, "must be a tuple"),
        ({"normalise": ("best",)}, "must be one of"),
        ({"treat": ("log", "log")}, "each once"),
        ({"sobol": 100}, "power of two"),
        ({"noise": -1}, "zero or more"),
        ({"index": m.IndexOptions(impute="mean")}, "are choices"),
        ({"normalise": ("goalposts",)}, "Goalposts are given in"),
        ({"index": m.IndexOptions(goalposts={"a": (0, 1)})}, "and only there"),
    ],
)
def test_options_are_checked_in_words(options, words):
    with pytest.raises(gi.errors.OptionError, match=words):
        m.RankOptions(**options)


def test_a_z_score_beyond_any_geometric_mean_is_refused():
    x = np.zeros(400)
    x[0] = -100
    table = pd.DataFrame(
        {"x": x + np.linspace(0, 1, 400), "y": np.arange(400.0)}, [f"r{i}" for i in range(400)]
    )
    options = m.RankOptions(normalise=("z",), aggregate=("geometric",), treat=(None,), sobol=0)
    with pytest.raises(gi.errors.ColumnError, match="no geometric mean"):
        m.rank_intervals(table, draws=20, options=options)


def test_the_result_speaks_in_words(found):
    words = str(found)
    assert words.startswith("Over 300 draws of the choices and of noise, the ranks of 30 regions shift by ")
    assert "Ranks depend most on" in words


def test_uk_regions_are_ranked_from_raw_indicators(strangers):
    folder = strangers / "uk_innovation"
    wide = pd.read_csv(folder / "uk_nuts2_2016_latest_wide.csv", index_col="nuts_id")
    wide = wide.loc[:, wide.std() > 0]
    options = m.RankOptions(impute=("mean", "median") if wide.isna().any(axis=None) else (), sobol=16)
    found = m.rank_intervals(wide, draws=200, options=options)
    assert len(found.table) == 41
    rho = stats.spearmanr(found.table["rank"], found.table["baseline"]).statistic
    assert rho > 0.8

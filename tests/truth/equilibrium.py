"""Write equilibrium.json: the conditional equilibria of gegravity 0.3 (MIT) for economies of 8 regions.

Its full equilibrium keeps the shares of output and spending in its multilateral resistances as they were
before the change, so it is no oracle of the full one.

Run in an environment that has gegravity and its gme: python tests/truth/equilibrium.py
"""

from __future__ import annotations

import json
from pathlib import Path

import gegravity as ge
import numpy as np
import pandas as pd

SIZE, SIGMA, BORDER = 8, 5, -1.5
NAMES = [f"r{i}" for i in range(SIZE)]


def economy(seed):
    """Return costs (ln distance and a border), production and spending; deficits are in the even ones."""
    random = np.random.default_rng(seed)
    place = random.uniform(0, 10, (SIZE, 2))
    km = np.hypot(*(place[:, None] - place).transpose(2, 0, 1)) + np.eye(SIZE) * 0.7
    country = np.arange(SIZE) // 2
    production = random.lognormal(3, 0.6, SIZE)
    spending = production if seed % 2 else production * random.uniform(0.8, 1.2, SIZE)
    spending = spending * production.sum() / spending.sum()
    return np.log(km), (country[:, None] != country).astype(float), production, spending


def solved(seed):
    """Return trade before, the change of costs, and what gegravity makes of it; one border opens."""
    cost, border, production, spending = economy(seed)
    here, there = np.indices((SIZE, SIZE)).reshape(2, -1)
    table = pd.DataFrame(
        {
            "exporter": [NAMES[i] for i in here],
            "importer": [NAMES[j] for j in there],
            "year": "2000",
            "trade": 1.0,
            "Y": production[here],
            "E": spending[there],
            "cost": cost.ravel(),
            "border": border.ravel(),
        }
    )
    opened = border.copy()
    opened[1, 2] = opened[2, 1] = 0
    names = {"imp_var_name": "importer", "exp_var_name": "exporter", "year_var_name": "year"}
    margins = {"expend_var_name": "E", "output_var_name": "Y"}
    baseline = ge.BaselineData(table, trade_var_name="trade", **names, **margins)
    slopes = pd.DataFrame({"var": ["cost", "border"], "coeff": [-1.0, BORDER]})
    coefficients = ge.CostCoeffs(slopes, identifier_col="var", coeff_col="coeff")
    model = ge.OneSectorGE(
        baseline,
        year="2000",
        reference_importer="r7",
        sigma=SIGMA,
        cost_variables=["cost", "border"],
        cost_coeff_values=coefficients,
        quiet=True,
        **margins,
    )
    model.build_baseline(mr_tolerance=1e-13, mr_max_iter=20_000)
    model.define_experiment(table.assign(border=opened.ravel()))
    model.simulate(ge_tolerance=1e-13, ge_max_iter=50_000)
    flows = model.bilateral_trade_results["baseline modeled trade"]
    before = flows.to_numpy().reshape(SIZE, SIZE)
    nations = [model.country_set[name] for name in NAMES]
    outward = np.array([nation._conditional_omr_ratio for nation in nations])
    inward = np.array([nation._conditional_imr_ratio for nation in nations])
    costs = np.exp(-cost + BORDER * opened)
    conditional = production[:, None] * spending / production.sum() * costs * outward[:, None] * inward
    return {
        "deficits": not seed % 2,
        "trade": before.tolist(),
        "change": (BORDER * (opened - border)).tolist(),
        "conditional": conditional.tolist(),
    }


if __name__ == "__main__":
    cases = [solved(seed) for seed in (1, 2, 3, 4)]
    Path(__file__).with_suffix(".json").write_text(
        json.dumps({"elasticity": SIGMA - 1, "cases": cases}, indent=1)
    )

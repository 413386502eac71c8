"""Write discontinuity.json: jumps by rdrobust 2.1.1 and rd2d 1.0.0 (GPL-3, so no dependencies).

Run in an environment that has rdrobust, rd2d and numpy: python tests/truth/discontinuity.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from rd2d import rd2d_dist, summary
from rdrobust import rdrobust

random = np.random.default_rng(11)
x = np.sort(random.uniform(-80, 120, 240)).round(3)
y = (np.sin(x / 40) + 0.6 * (x >= 0) + random.normal(0, 0.3 + 0.002 * abs(x))).round(4)
cases = []
kinks = []
settings = {"kernel": "triangular", "vce": "hc3", "masspoints": "off"}
for width in (25.0, 40.0, 70.0):
    for found, degree, order in ((cases, 1, 0), (kinks, 2, 1)):
        fit = rdrobust(y, x, h=width, b=width, p=degree, q=degree + 1, deriv=order, **settings)
        table = pd.concat([fit.coef, fit.se, fit.pv, fit.ci], axis=1)
        table.columns = ["coef", "se", "pv", "low", "high"]
        found.append({"width": width, **{name: row.tolist() for name, row in table.T.items()}})

# The effect along a border: the line x = 0 of a plane, at five points of it.
units = random.uniform(-60, 60, (400, 2)).round(2)
level = (np.sin(units[:, 1] / 30) + 0.5 * (units[:, 0] >= 0) + random.normal(0, 0.4, 400)).round(3)
points = np.array([-40.0, -20.0, 0.0, 20.0, 40.0])
away = np.hypot(units[:, :1], units[:, 1:] - points)
signed = np.where(units[:, :1] >= 0, away, -away)
settings = {"kernel": "tri", "vce": "hc3", "masspoints": "off", "fitmethod": "separate"}
fit = rd2d_dist(level, signed, h=45.0, p=1, q=2, params_cov="main", **settings)
band = summary(fit, cbands="main", repp=20_000)["tables"]["main"]
names = {"estimate.p": "estimate", "estimate.q": "robust", "std.err.q": "se"}
names |= {name: name for name in band.columns if name.startswith("cb.")}
along = {
    "units": units.tolist(),
    "y": level.tolist(),
    "points": points.tolist(),
    "width": 45.0,
    **{new: band[old].tolist() for old, new in names.items()},
}
out = {"x": x.tolist(), "y": y.tolist(), "columns": ["coef", "se", "pv", "low", "high"], "cases": cases}
Path(__file__).with_suffix(".json").write_text(json.dumps({**out, "kinks": kinks, "along": along}) + "\n")

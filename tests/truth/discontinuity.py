"""Write discontinuity.json: jumps by rdrobust 2.1.1 (GPL-3, so no dependency of the project).

Run in an environment that has rdrobust and numpy: python tests/truth/discontinuity.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from rdrobust import rdrobust

random = np.random.default_rng(11)
x = np.sort(random.uniform(-80, 120, 240)).round(3)
y = (np.sin(x / 40) + 0.6 * (x >= 0) + random.normal(0, 0.3 + 0.002 * abs(x))).round(4)
cases = []
for width in (25.0, 40.0, 70.0):
    fit = rdrobust(y, x, h=width, b=width, kernel="triangular", vce="hc3", masspoints="off")
    table = pd.concat([fit.coef, fit.se, fit.pv, fit.ci], axis=1)
    table.columns = ["coef", "se", "pv", "low", "high"]
    cases.append({"width": width, **{name: row.tolist() for name, row in table.T.items()}})
out = {"x": x.tolist(), "y": y.tolist(), "columns": ["coef", "se", "pv", "low", "high"], "cases": cases}
Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")

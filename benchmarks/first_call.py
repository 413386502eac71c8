"""A whole script in a fresh process: a sample, neighbours, local Moran, and a map as HTML and as a picture.

python benchmarks/first_call.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import geoinno as gi

folder = Path(sys.argv[1])
place = gi.read.sample("north_america")
regions = place.regions.dropna(subset="income")
local = gi.measure.local_moran(regions["income"], gi.weigh.contiguity(regions))
layer = gi.draw.cluster_map(regions, local, legend="Income among neighbours")
sheet = gi.draw.sheet(
    layer, title="Where rich and poor states lie together", source=place.source_of("income")
)
for kind in ("html", "png"):
    sheet.save(folder / f"map.{kind}")

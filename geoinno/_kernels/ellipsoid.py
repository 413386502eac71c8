"""The figure of the earth (WGS84), once for the loops and for their plain counterparts."""

from __future__ import annotations

import math

AXIS_KM = 6378.137
FLATTENING = 1 / 298.257223563
HALF_MERIDIAN_KM = 20003.931458625
# 1 - sin^2(d / 2) at an arc d of 179 degrees: from there on the second order does more harm than good.
ANTIPODAL = math.sin(math.radians(0.5)) ** 2
# The greatest sin^2(d / 2) told from the antipode, 12 m short of it.
OPPOSITE = 1 - 1e-12

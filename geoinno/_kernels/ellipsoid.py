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
# Chords of 2^-30 to 2 stand in tables: 32 equal steps from each power of 2 to the next.
FIRST_OCTAVE = -30
CHORD_BITS = 5
CHORD_BINS = (1 - FIRST_OCTAVE) << CHORD_BITS
# Bounds in the tables hold from a chord up to these times it.
WINDOWS = (1.05, 1.25, 2.0)
# What single precision gets wrong of a distance, up to which chord, and the least weight that it holds.
ROUNDED, FARTHEST_ROUNDED, LEAST_ROUNDED = 1.5e-5, 1.9, 1e-25

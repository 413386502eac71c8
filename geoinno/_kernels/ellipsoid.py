"""The figure of the earth (WGS84), once for the loops and for their plain counterparts."""

from __future__ import annotations

import math

AXIS_KM = 6378.137
FLATTENING = 1 / 298.257223563
HALF_MERIDIAN_KM = 20003.931458625
# 1 - sin^2(d / 2) at an arc d of 179 degrees: from there on the second order does more harm than good.
ANTIPODAL = math.sin(math.radians(0.5)) ** 2
# The greatest sin^2(d / 2) reckoned from the antipode, 12 m short of it.
OPPOSITE = 1 - 1e-12
# Chords of 2^-30 to 2 stand in tables: 32 equal steps from each power of 2 to the next.
FIRST_OCTAVE = -30
CHORD_BITS = 5
CHORD_BINS = (1 - FIRST_OCTAVE) << CHORD_BITS
# The widest disc (chord) in which a decay is interpolated, and the radii, in distances from the centre, for
# which there are bounds of the error; and how far away the sources may be.
WIDEST = 0.3
RADII, FARTHEST = (0.1, 0.2, 0.3, 0.42, 0.6), 1.92
# The antipode is singular: up to 8 degrees from it, discs are narrow.
ANTIPODAL_RADII, FARTHEST_ANTIPODAL = (0.025, 0.05), 1.995
# What single precision gets wrong of a distance, up to which chord, and the least sum (in units of all mass)
# beside which what it takes for zero counts for nothing.
ROUNDED, FARTHEST_ROUNDED, LEAST_ROUNDED = 2e-6, 1.9, 1e-20

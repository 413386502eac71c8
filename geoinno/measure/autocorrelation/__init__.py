"""Whether neighbours are alike: over the whole map, around each region, and with distance."""

from __future__ import annotations

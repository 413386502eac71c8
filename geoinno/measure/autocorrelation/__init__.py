"""Spatial autocorrelation: over the whole map, around each region, and by distance."""

from __future__ import annotations

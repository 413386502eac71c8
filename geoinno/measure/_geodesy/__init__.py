"""Points, lines and surfaces on the ellipsoid."""

from __future__ import annotations

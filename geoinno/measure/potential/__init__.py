"""Market potential: the mass within reach of each region, at home and across borders."""

from __future__ import annotations

"""The mass that each region has within reach, at home and across borders."""

from __future__ import annotations

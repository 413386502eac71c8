"""Layers of a map as files for GIS: their columns, and styles for QGIS."""

from __future__ import annotations

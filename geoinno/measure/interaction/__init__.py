"""Flows between regions, and how they fall with cost."""

from __future__ import annotations

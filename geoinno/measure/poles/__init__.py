"""Regions that stand out, the areas they dominate, and the spaces between them."""

from __future__ import annotations

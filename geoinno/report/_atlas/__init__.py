"""The chapters of the atlas, and what an atlas is about."""

from __future__ import annotations

"""The chapters of the atlas, and what they are asked to show."""

from __future__ import annotations

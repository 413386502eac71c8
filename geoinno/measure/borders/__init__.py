"""Borders: where countries meet, what differs there, and how much crosses them."""

from __future__ import annotations

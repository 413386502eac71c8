"""Composite indices: many indicators in one number, how sure its ranks are, and goals that fit resources."""

from __future__ import annotations

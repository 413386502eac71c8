"""Regional disparities: inequality and concentration."""

from __future__ import annotations

"""How unequal regions are, and how the mass of a system is concentrated."""

from __future__ import annotations

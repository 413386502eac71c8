"""The print renderer: a sheet in matplotlib."""

from __future__ import annotations

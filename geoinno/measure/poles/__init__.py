"""Growth poles, their catchments, and the spaces between them."""

from __future__ import annotations

"""What regions are specialised in, and what they could do next."""

from __future__ import annotations

"""Where countries meet, what differs there, and what gets across."""

from __future__ import annotations

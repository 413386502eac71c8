"""Diffusion: how innovations spread over regions, how fast, and along which ways."""

from __future__ import annotations

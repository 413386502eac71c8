"""Indicators and weights become numbers about regions."""

from __future__ import annotations

from geoinno.measure.potential import market_potential as market_potential

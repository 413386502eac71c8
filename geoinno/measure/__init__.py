"""Indicators and weights become numbers about regions."""

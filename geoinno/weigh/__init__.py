"""Regions become who matters to whom, and how much."""

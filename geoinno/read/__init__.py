"""Files become tables of regions, indicators and flows."""

"""Regions, classes and flows become layers of one map, on the web and in print."""

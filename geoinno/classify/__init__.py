"""Numbers become a few named classes."""

"""Maps, tables and words become something to hand over."""

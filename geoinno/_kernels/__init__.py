"""Loops on plain arrays that know nothing of tables or regions."""

"""What more than one wing tests with: permutations, significance, least squares."""

from __future__ import annotations

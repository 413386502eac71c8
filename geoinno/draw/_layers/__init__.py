"""What layers are made of: keys, legends, names, classed fills, and the words of flow maps."""

from __future__ import annotations

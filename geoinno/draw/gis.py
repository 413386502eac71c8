"""Files for GIS: the layers of a map with their styles, for whoever writes them."""

from __future__ import annotations

from geoinno.draw._gis.files import layers_file

__all__ = ["layers_file"]

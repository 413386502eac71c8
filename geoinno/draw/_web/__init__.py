"""The web renderers: a sheet as a folium map, a document, or a fragment of a page."""

from __future__ import annotations

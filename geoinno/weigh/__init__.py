"""Regions become who matters to whom, and how much."""

from __future__ import annotations

from geoinno.weigh.adjacency import border_lengths as border_lengths
from geoinno.weigh.adjacency import contiguity as contiguity
from geoinno.weigh.adjacency import cross_border as cross_border
from geoinno.weigh.adjacency import domestic as domestic
from geoinno.weigh.adjacency import nearest as nearest
from geoinno.weigh.adjacency import shared_borders as shared_borders
from geoinno.weigh.adjacency import within as within
from geoinno.weigh.distance import distances as distances
from geoinno.weigh.distance import internal_distances as internal_distances
from geoinno.weigh.distance import places as places

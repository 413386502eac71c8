"""Weights between regions: neighbours, distances, travel times and distance decay."""

from __future__ import annotations

from geoinno.weigh.adjacency import border_lengths as border_lengths
from geoinno.weigh.adjacency import contiguity as contiguity
from geoinno.weigh.adjacency import cross_border as cross_border
from geoinno.weigh.adjacency import domestic as domestic
from geoinno.weigh.adjacency import nearest as nearest
from geoinno.weigh.adjacency import shared_borders as shared_borders
from geoinno.weigh.adjacency import within as within
from geoinno.weigh.connectivity import bridges as bridges
from geoinno.weigh.decay import Decay as Decay
from geoinno.weigh.decay import exponential as exponential
from geoinno.weigh.decay import exponential_sqrt as exponential_sqrt
from geoinno.weigh.decay import gaussian as gaussian
from geoinno.weigh.decay import logistic as logistic
from geoinno.weigh.decay import lognormal as lognormal
from geoinno.weigh.decay import offset_power as offset_power
from geoinno.weigh.decay import power as power
from geoinno.weigh.decay import tanner as tanner
from geoinno.weigh.distance import distances as distances
from geoinno.weigh.distance import internal_distances as internal_distances
from geoinno.weigh.distance import places as places
from geoinno.weigh.travel import network_minutes as network_minutes
from geoinno.weigh.travel import travel_minutes as travel_minutes

"""Classification: numbers into a few named classes."""

from __future__ import annotations

from geoinno.classify._space_limits import QuantileCuts as QuantileCuts
from geoinno.classify._space_limits import SpaceCuts as SpaceCuts
from geoinno.classify.breaks import classes as classes
from geoinno.classify.breaks import limits as limits
from geoinno.classify.labels import border_types as border_types
from geoinno.classify.labels import clusters as clusters
from geoinno.classify.spaces import explained as explained
from geoinno.classify.spaces import space_types as space_types

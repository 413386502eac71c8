"""Files become tables of regions, indicators and flows."""

from __future__ import annotations

from geoinno.read.samples import Sample as Sample
from geoinno.read.samples import land as land
from geoinno.read.samples import sample as sample

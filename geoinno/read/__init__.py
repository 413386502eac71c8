"""Files become tables of regions, indicators and flows."""

from __future__ import annotations

from geoinno.read.adoption_tables import adoptions as adoptions
from geoinno.read.flow_tables import flows as flows
from geoinno.read.flow_tables import summed_flows as summed_flows
from geoinno.read.gazetteer import cities as cities
from geoinno.read.official import eurostat as eurostat
from geoinno.read.official import nuts as nuts
from geoinno.read.official import worldbank as worldbank
from geoinno.read.points import located as located
from geoinno.read.recoding import recoded as recoded
from geoinno.read.samples import Sample as Sample
from geoinno.read.samples import lakes as lakes
from geoinno.read.samples import land as land
from geoinno.read.samples import sample as sample
from geoinno.read.samples import samples as samples
from geoinno.read.shapes import Topology as Topology
from geoinno.read.shapes import regions as regions
from geoinno.read.shapes import repaired as repaired
from geoinno.read.shapes import topology as topology
from geoinno.read.tables import join as join
from geoinno.read.tables import panel as panel
from geoinno.read.tables import table as table

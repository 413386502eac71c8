"""Maps, tables and words put together for readers: pages, atlases, embedded maps, PDF and GIS files."""

from __future__ import annotations

from geoinno.report._atlas.options import AtlasOptions as AtlasOptions
from geoinno.report._atlas.options import GoalsChapter as GoalsChapter
from geoinno.report._atlas.options import IndexChapter as IndexChapter
from geoinno.report._atlas.options import SpecialisationChapter as SpecialisationChapter
from geoinno.report._atlas.scenarios import TradeOptions as TradeOptions
from geoinno.report.atlas import Atlas as Atlas
from geoinno.report.atlas import atlas as atlas
from geoinno.report.embed import assets as assets
from geoinno.report.embed import embed as embed
from geoinno.report.embed import offline as offline
from geoinno.report.gis import to_gis as to_gis
from geoinno.report.pages import page as page
from geoinno.report.printing import pdf as pdf

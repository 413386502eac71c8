"""What if: change one thing, measure again, and compare before with after."""

from __future__ import annotations

from geoinno.simulate._accession import AccessionOptions as AccessionOptions
from geoinno.simulate._compression_results import Compression as Compression
from geoinno.simulate._integration_results import Accession as Accession
from geoinno.simulate._integration_results import Opening as Opening
from geoinno.simulate._link_results import Links as Links
from geoinno.simulate.border_grid import OpeningGrid as OpeningGrid
from geoinno.simulate.border_grid import opening_grid as opening_grid
from geoinno.simulate.diffusion import Spread as Spread
from geoinno.simulate.diffusion import spread as spread
from geoinno.simulate.integration import accession as accession
from geoinno.simulate.integration import opening as opening
from geoinno.simulate.labour_mobility import Relocation as Relocation
from geoinno.simulate.labour_mobility import relocation as relocation
from geoinno.simulate.links import best_links as best_links
from geoinno.simulate.space_compression import CompressionOptions as CompressionOptions
from geoinno.simulate.space_compression import compression as compression
from geoinno.simulate.time_space_maps import TimeSpace as TimeSpace
from geoinno.simulate.time_space_maps import time_space as time_space
from geoinno.simulate.trade_tables import regional_trade as regional_trade
from geoinno.simulate.trade_tables import trade_table as trade_table

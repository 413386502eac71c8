"""What if: change one thing, measure again, and compare before with after."""

from __future__ import annotations

from geoinno.simulate._integration_results import Accession as Accession
from geoinno.simulate._integration_results import Opening as Opening
from geoinno.simulate.diffusion import Spread as Spread
from geoinno.simulate.diffusion import spread as spread
from geoinno.simulate.integration import accession as accession
from geoinno.simulate.integration import opening as opening
from geoinno.simulate.trade_tables import regional_trade as regional_trade
from geoinno.simulate.trade_tables import trade_table as trade_table

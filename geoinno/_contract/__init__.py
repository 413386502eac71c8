"""What a sound input is: one check for each promise, called at every public door.

Each check returns the input in the form that the rooms work with, or raises an error that
names the column, the first offending regions with their count, and the remedy.
"""

from __future__ import annotations

from geoinno._contract.apart import warn_of_strips as warn_of_strips
from geoinno._contract.cities import city_degrees as city_degrees
from geoinno._contract.cities import pole_place as pole_place
from geoinno._contract.colours import colour as colour
from geoinno._contract.conditions import columns_in as columns_in
from geoinno._contract.conditions import compares_text as compares_text
from geoinno._contract.conditions import conditions as conditions
from geoinno._contract.conditions import fitting as fitting
from geoinno._contract.conditions import fulfilled as fulfilled
from geoinno._contract.costs import Rectangle as Rectangle
from geoinno._contract.costs import rectangular as rectangular
from geoinno._contract.costs import square as square
from geoinno._contract.flows import FLOW_COLUMNS as FLOW_COLUMNS
from geoinno._contract.flows import flow_positions as flow_positions
from geoinno._contract.flows import sound_flows as sound_flows
from geoinno._contract.geometry import crs_name as crs_name
from geoinno._contract.geometry import finite as finite
from geoinno._contract.geometry import identified as identified
from geoinno._contract.geometry import polygons as polygons
from geoinno._contract.geometry import sound_regions as sound_regions
from geoinno._contract.ids import aligned as aligned
from geoinno._contract.ids import named as named
from geoinno._contract.ids import region_ids as region_ids
from geoinno._contract.ids import weight_ids as weight_ids
from geoinno._contract.options import finite_number as finite_number
from geoinno._contract.options import instance as instance
from geoinno._contract.options import option as option
from geoinno._contract.options import positive as positive
from geoinno._contract.options import whole as whole
from geoinno._contract.seam import globe as globe
from geoinno._contract.strips import NARROW_M as NARROW_M
from geoinno._contract.strips import SNAP_M as SNAP_M
from geoinno._contract.strips import strips as strips
from geoinno._contract.tables import refuse_strangers as refuse_strangers
from geoinno._contract.tables import result as result
from geoinno._contract.tables import table_of as table_of
from geoinno._contract.tables import with_columns as with_columns
from geoinno._contract.values import column as column
from geoinno._contract.values import country_series as country_series
from geoinno._contract.values import not_negative as not_negative
from geoinno._contract.values import numbers as numbers
from geoinno._contract.values import pole_flags as pole_flags
from geoinno._contract.values import refuse_cells as refuse_cells
from geoinno._contract.values import titled as titled
from geoinno._contract.values import varied as varied
from geoinno._contract.vertices import outlines as outlines

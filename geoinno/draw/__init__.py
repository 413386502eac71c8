"""Maps: regions, classes and flows as layers of one map, on the web and in print."""

from __future__ import annotations

from geoinno.draw._layers.layer import Key as Key
from geoinno.draw._layers.layer import Layer as Layer
from geoinno.draw.bivariate import bivariate as bivariate
from geoinno.draw.borders import border_lines as border_lines
from geoinno.draw.categories import categories as categories
from geoinno.draw.categories import roles as roles
from geoinno.draw.clubs import club_map as club_map
from geoinno.draw.clusters import cluster_map as cluster_map
from geoinno.draw.curves import decay_curves as decay_curves
from geoinno.draw.displacement import displacements as displacements
from geoinno.draw.fills import choropleth as choropleth
from geoinno.draw.intervals import goal_dots as goal_dots
from geoinno.draw.intervals import rank_dots as rank_dots
from geoinno.draw.lines import FlowOptions as FlowOptions
from geoinno.draw.lines import flow_lines as flow_lines
from geoinno.draw.links import link_lines as link_lines
from geoinno.draw.mobility import mobility_map as mobility_map
from geoinno.draw.mobility import transition_matrix as transition_matrix
from geoinno.draw.options import option_map as option_map
from geoinno.draw.points import pole_points as pole_points
from geoinno.draw.scatters import moran_scatter as moran_scatter
from geoinno.draw.sheets import Sheet as Sheet
from geoinno.draw.sheets import sheet as sheet
from geoinno.draw.times import over_scenarios as over_scenarios
from geoinno.draw.times import over_time as over_time
from geoinno.draw.trends import trend_lines as trend_lines

"""Indicators and weights become numbers about regions."""

from __future__ import annotations

from geoinno.measure._results import Geary as Geary
from geoinno.measure._results import GetisOrd as GetisOrd
from geoinno.measure._results import JoinCounts as JoinCounts
from geoinno.measure._results import Moran as Moran
from geoinno.measure.autocorrelation import geary as geary
from geoinno.measure.autocorrelation import getis_ord as getis_ord
from geoinno.measure.autocorrelation import join_counts as join_counts
from geoinno.measure.autocorrelation import moran as moran
from geoinno.measure.correlogram import correlogram as correlogram
from geoinno.measure.interaction import BalancedFlows as BalancedFlows
from geoinno.measure.interaction import DecayFit as DecayFit
from geoinno.measure.interaction import Gravity as Gravity
from geoinno.measure.interaction import GravityOptions as GravityOptions
from geoinno.measure.interaction import balanced_flows as balanced_flows
from geoinno.measure.interaction import decay_fit as decay_fit
from geoinno.measure.interaction import gravity as gravity
from geoinno.measure.local import local_geary as local_geary
from geoinno.measure.local import local_getis_ord as local_getis_ord
from geoinno.measure.local import local_moran as local_moran
from geoinno.measure.local import q_values as q_values
from geoinno.measure.movement import balances as balances
from geoinno.measure.movement import relative_acceptance as relative_acceptance
from geoinno.measure.potential import market_potential as market_potential

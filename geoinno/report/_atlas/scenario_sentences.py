"""Sentences of the chapters on scenarios and on diffusion, in English: see `sentences`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SCENARIOS: Mapping[str, str] = MappingProxyType(
    {
        "openness.gain": (
            "Today, {factor} of foreign mass counts. With open borders, all of it would, and the potential "
            "of the median region would be {median} higher; the gain would be largest in {top}."
        ),
        "openness.closed": (
            "Today, no foreign mass counts. With open borders, all of it would, and the potential of the "
            "median region would be {median} higher; the gain would be largest in {top}."
        ),
        "openness.partial": (
            "These figures are of a partial equilibrium: they take the mass of each region as given."
        ),
        "openness.finding": (
            "With open borders, the potential of the median region would be {median} higher, with the "
            "largest gain in {first}."
        ),
        "compression.gain": (
            "If all movement were {faster} faster, travel times would fall by {shrink}, and the potential of "
            "the median region would be {median} higher; the gain would be largest in {top}, and smallest in "
            "{bottom}."
        ),
        "compression.even": (
            "Potential would be shared more evenly among regions: its Gini coefficient would fall from "
            "{before} to {after}."
        ),
        "compression.uneven": (
            "Potential would be shared less evenly among regions: its Gini coefficient would rise from "
            "{before} to {after}."
        ),
        "compression.steady": (
            "Potential would be shared as evenly among regions as it is today (Gini coefficient {before} "
            "before, {after} after)."
        ),
        "compression.assumed": (
            "This assumes that all journeys speed up alike, within regions as well as between them, and "
            "that masses and the deterrent effect of a given travel time stay as they are."
        ),
        "compression.borders": "Borders would count as they do today.",
        "compression.finding": (
            "With movement {faster} faster, the potential of the median region would be {median} higher, "
            "with the largest gain in {first}."
        ),
        "trade.left": (
            "For {left:region|regions}, no trade is known; what follows is about {regions} others."
        ),
        "trade.border": (
            "At equal distance, trade between regions of different countries is {share} of trade within a "
            "country ({level} interval: {low} to {high})."
        ),
        "trade.no_border": (
            "There is no evidence that national borders hold trade back: at equal distance, trade between "
            "regions of different countries is {share} of trade within a country ({level} interval: {low} "
            "to {high})."
        ),
        "trade.opened": (
            "If no border held trade back any longer, trade across borders would grow by {partial} if "
            "nothing else moved, by {conditional} at given incomes, and by {full} once incomes and prices "
            "had adjusted."
        ),
        "trade.welfare": (
            "Welfare would rise in {gain} of {regions:region|regions}; its change would be largest in {top}, "
            "and smallest in {bottom}."
        ),
        "trade.interval": (
            "For {first}, the {level} interval runs from {first_low} to {first_high}; it reflects the "
            "uncertainty about the effect of borders."
        ),
        "trade.assumed": (
            "These are full general equilibria with a trade elasticity of {elasticity}: trade deficits and "
            "world production stay as they are, and nobody moves."
        ),
        "trade.accession": (
            "If {joining} joined {members}, and trade within the bloc rose by {effect} at given prices, the "
            "gain of all regions together would be worth {value}, {world} of all production."
        ),
        "trade.bloc": (
            "If {joining} formed a bloc, and trade within it rose by {effect} at given prices, the gain of "
            "all regions together would be worth {value}, {world} of all production."
        ),
        "trade.shapley": (
            "By its Shapley value, {first} accounts for {brings} of this gain, more than any other country "
            "that joins."
        ),
        "trade.outsiders": (
            "Of {outsiders:country|countries} outside the bloc, {lose:loses|lose} by it; the least "
            "favourable change of welfare there is {worst}, in {worst_name}."
        ),
        "trade.finding": (
            "If national borders held trade back no longer, trade across them would grow by {full}, and "
            "welfare would rise in {gain} of {regions:region|regions}, most in {first}."
        ),
        "diffusion.table": (
            "The table records {adoptions:adoption|adoptions} of {innovations:innovation|innovations} by "
            "{adopters:region|regions}, from {first} to {last}."
        ),
        "diffusion.contagious_beyond": (
            "Where all its neighbours have an innovation, a region takes it up at {contagious} times the "
            "rate of a region none of whose neighbours has it ({level} interval: {contagious_low} to "
            "{contagious_high}), a difference that maps with the regions exchanged at random rarely show "
            "(two-sided p {contagious_p})."
        ),
        "diffusion.contagious_chance": (
            "Where all its neighbours have an innovation, a region takes it up at {contagious} times the "
            "rate of a region none of whose neighbours has it ({level} interval: {contagious_low} to "
            "{contagious_high}), a difference that maps with the regions exchanged at random show as well "
            "(two-sided p {contagious_p})."
        ),
        "diffusion.hierarchical_beyond": (
            "Where all larger regions have it, the rate is {hierarchical} times what it is where none has "
            "({level} interval: {hierarchical_low} to {hierarchical_high}), more of a difference than sizes "
            "exchanged at random give (two-sided p {hierarchical_p})."
        ),
        "diffusion.hierarchical_chance": (
            "Where all larger regions have it, the rate is {hierarchical} times what it is where none has "
            "({level} interval: {hierarchical_low} to {hierarchical_high}), a difference that sizes "
            "exchanged at random give as well (two-sided p {hierarchical_p})."
        ),
        "diffusion.border_beyond": (
            "If those neighbours lie abroad, the rate is {border} times what it is if they lie at home "
            "({level} interval: {border_low} to {border_high}), a difference that maps with the regions "
            "exchanged at random rarely show (two-sided p {border_p})."
        ),
        "diffusion.border_chance": (
            "If those neighbours lie abroad, the rate is {border} times what it is if they lie at home "
            "({level} interval: {border_low} to {border_high}), a difference that maps with the regions "
            "exchanged at random show as well (two-sided p {border_p})."
        ),
        "diffusion.shares": "Of what the model explains, {parts}.",
        "diffusion.by_contagious": "{n:is due to neighbours|are due to neighbours}",
        "diffusion.by_hierarchical": "{n:to larger regions having adopted|to larger regions having adopted}",
        "diffusion.by_border": "{n:to neighbours abroad|to neighbours abroad}",
        "diffusion.by_size": "{n:to size itself|to size itself}",
        "diffusion.leaders": (
            "The ratio of adoptions to those expected if all regions adopted at equal rates is highest in "
            "{top}."
        ),
        "diffusion.finding_beyond": (
            "Innovations spread between neighbours: with all of them ahead, a region follows at "
            "{contagious} times the rate that it has with none (p {contagious_p})."
        ),
        "diffusion.finding_chance": (
            "There is no evidence that innovations spread between neighbours (p {contagious_p})."
        ),
    }
)

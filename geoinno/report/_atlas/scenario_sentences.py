"""Sentences of the chapters on scenarios, convergence and diffusion, in English: see `sentences`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SCENARIOS: Mapping[str, str] = MappingProxyType(
    {
        "openness.gain": (
            "If borders opened, so that all foreign mass counted rather than {factor} of it, the potential "
            "of the median region would be {median} higher; the gain would be largest in {top}."
        ),
        "openness.closed": (
            "If borders opened, so that all foreign mass counted rather than none of it, the potential of "
            "the median region would be {median} higher; the gain would be largest in {top}."
        ),
        "openness.partial": (
            "These figures describe a partial equilibrium: they take the mass of each region as given."
        ),
        "openness.finding": (
            "If borders opened, so that all foreign mass counted rather than {factor} of it, the potential "
            "of the median region would be {median} higher, with the largest gain in {first}."
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
            "If all movement were {faster} faster, the potential of the median region would be {median} "
            "higher, with the largest gain in {first}."
        ),
        "trade.left": (
            "For {left:region|regions}, no trade is known; what follows is about the other "
            "{regions:region|regions}."
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
            "uncertainty about the effect of borders alone."
        ),
        "trade.assumed": (
            "These are full general equilibria with a trade elasticity of {elasticity}: trade deficits and "
            "world production stay as they are, and nobody moves."
        ),
        "trade.accession": (
            "If {joining} joined {members}, and trade within the bloc rose by {effect} at given prices, the"
            " gain of all regions together would be worth {value} in the unit of the flows, or {world} of "
            "all production."
        ),
        "trade.bloc": (
            "If {joining} formed a bloc, and trade within it rose by {effect} at given prices, the gain of "
            "all regions together would be worth {value} in the unit of the flows, or {world} of all "
            "production."
        ),
        "trade.accession_known": (
            "If {joining} joined {members}, and trade within the bloc rose by {effect} at given prices, the"
            " gain of all regions together would be worth {value}, or {world} of all production."
        ),
        "trade.bloc_known": (
            "If {joining} formed a bloc, and trade within it rose by {effect} at given prices, the gain of "
            "all regions together would be worth {value}, or {world} of all production."
        ),
        "trade.shapley": (
            "By its Shapley value, what it adds on average over all orders of joining, {first} accounts for"
            " {brings} of this gain, more than any other country that joins."
        ),
        "trade.outsiders": (
            "Of the {outsiders:country|countries} outside the bloc, {lose} would lose by it; the least "
            "favourable change of welfare there is {worst}, in {worst_name}."
        ),
        "trade.outsider": (
            "For {worst_name}, the one country outside the bloc, welfare would change by {worst}."
        ),
        "trade.finding": (
            "If national borders held trade back no longer, trade across them would grow by {full}, and "
            "welfare would rise in {gain} of {regions:region|regions}, most in {first}."
        ),
        "convergence.every": (
            "In every year from {first} to {last}, values of {values} are known for {kept:region|regions}."
        ),
        "convergence.some": (
            "Of the {known:region|regions} with a known value of {values} in some year, {kept:has|have} one"
            " in every year from {first} to {last}; what follows is about these alone."
        ),
        "convergence.closer": (
            "They have become more alike: the standard deviation of logarithms fell from {before} to {after} "
            "(two-sided p {p} by Pitman and Morgan's test)."
        ),
        "convergence.apart": (
            "They have grown apart: the standard deviation of logarithms rose from {before} to {after} "
            "(two-sided p {p} by Pitman and Morgan's test)."
        ),
        "convergence.steady": (
            "There is no evidence that they have become more alike or grown apart: the standard deviation of "
            "logarithms was {before} at the start and {after} at the end (two-sided p {p} by Pitman and "
            "Morgan's test)."
        ),
        "convergence.faster": (
            "Regions that started lower grew faster: a gap closes by {speed} a year ({level} interval: "
            "{low} to {high}), and at that rate half of it is gone after {half:year|years} ({half_low} to "
            "{half_high}). Equally smooth maps of noise rarely show as much (two-sided p {p_noise})."
        ),
        "convergence.noise": (
            "Where regions started says no more about their growth than equally smooth maps of noise would "
            "(two-sided p {p_noise}): there is no evidence that gaps close or widen."
        ),
        "convergence.neither": (
            "There is no evidence that regions that started lower grew faster or more slowly than others:"
            " the estimated speed at which gaps close is {speed} a year ({level} interval: {low} to "
            "{high})."
        ),
        "convergence.slower": (
            "Regions that started higher grew faster: a gap widens by {widening} a year. Equally smooth "
            "maps of noise rarely show as much (two-sided p {p_noise})."
        ),
        "convergence.ranks": (
            "Between the first year and the last, {swapped} of all pairs of regions changed order, with "
            "ties counting as half (Kendall's tau {tau})."
        ),
        "convergence.growth": (
            "Yearly growth, in the prices of the data, was fastest in {fastest}, and slowest in {slowest}."
        ),
        "convergence.finding": (
            "Among {kept:region|regions}, those that started with lower {values} in {first} grew faster "
            "until {last}: half of a gap closes in {half:year|years} ({half_low} to {half_high})."
        ),
        "diffusion.table": (
            "The table records {adoptions:adoption|adoptions} of {innovations:innovation|innovations} by "
            "{adopters:region|regions}, from {first} to {last}."
        ),
        "diffusion.contagious_beyond": (
            "Where all its neighbours have an innovation, a region takes it up at {contagious} times the "
            "rate of a region none of whose neighbours has it ({level} interval: {contagious_low} to "
            "{contagious_high}), a difference that chance would rarely produce (two-sided p {contagious_p} "
            "with the regions exchanged at random)."
        ),
        "diffusion.contagious_chance": (
            "Where all its neighbours have an innovation, a region takes it up at {contagious} times the "
            "rate of a region none of whose neighbours has it ({level} interval: {contagious_low} to "
            "{contagious_high}), a difference that chance could explain (two-sided p {contagious_p} with "
            "the regions exchanged at random)."
        ),
        "diffusion.hierarchical_beyond": (
            "Where all larger regions have it, the rate is {hierarchical} times what it is where none has "
            "({level} interval: {hierarchical_low} to {hierarchical_high}), a difference that chance would "
            "rarely produce (two-sided p {hierarchical_p} with the sizes exchanged at random)."
        ),
        "diffusion.hierarchical_chance": (
            "Where all larger regions have it, the rate is {hierarchical} times what it is where none has "
            "({level} interval: {hierarchical_low} to {hierarchical_high}), a difference that chance could "
            "explain (two-sided p {hierarchical_p} with the sizes exchanged at random)."
        ),
        "diffusion.border_beyond": (
            "If those neighbours lie abroad, the rate is {border} times what it is if they lie at home "
            "({level} interval: {border_low} to {border_high}), a difference that chance would rarely "
            "produce (two-sided p {border_p} with the regions exchanged at random)."
        ),
        "diffusion.border_chance": (
            "If those neighbours lie abroad, the rate is {border} times what it is if they lie at home "
            "({level} interval: {border_low} to {border_high}), a difference that chance could explain "
            "(two-sided p {border_p} with the regions exchanged at random)."
        ),
        "diffusion.shares": "What the model explains divides into {parts}.",
        "diffusion.by_contagious": "{n:for neighbours that have adopted|for neighbours that have adopted}",
        "diffusion.by_hierarchical": (
            "{n:for larger regions that have adopted|for larger regions that have adopted}"
        ),
        "diffusion.by_border": "{n:for neighbours abroad|for neighbours abroad}",
        "diffusion.by_size": "{n:for size itself|for size itself}",
        "diffusion.leaders": (
            "The ratio of adoptions to those expected if all regions adopted at equal rates is highest in "
            "{top}."
        ),
        "diffusion.finding_beyond": (
            "Innovations spread between neighbours: with all its neighbours ahead, a region follows at "
            "{contagious} times the rate that it has with none (p {contagious_p})."
        ),
        "diffusion.finding_less": (
            "Innovations do not pass from neighbour to neighbour: with all its neighbours ahead, a region "
            "follows at only {contagious} times the rate that it has with none (p {contagious_p})."
        ),
        "diffusion.finding_chance": (
            "There is no evidence that innovations spread between neighbours (p {contagious_p})."
        ),
    }
)

"""Every sentence that an atlas can say, in English: the one place where its words are kept.

A placeholder is a figure of the chapter, ``{total}``; a figure with its noun in the
number that the language asks for; a ranking or the name of a column, passed along with the sentence. No
sentence holds a number of its own: each comes from a table, against which it is checked. Other languages
translate these texts (see ``language``), with plural rules of their own.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno.report._atlas.sentences_on_request import ON_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        **ON_REQUEST,
        "place.extent": "The atlas covers {regions:region|regions}.",
        "place.extent_abroad": "The atlas covers {regions:region|regions} in {countries:country|countries}.",
        "place.total": (
            "The sum of {mass} over all regions is {total}; {half:region holds|regions hold} half of it."
        ),
        "place.largest": "Ranked by {mass}, the largest of the {regions:region|regions} are {top}.",
        "place.range": (
            "Values of {indicator} are highest in {top} and lowest in {bottom}; the median is {median}."
        ),
        "place.missing": "For {missing:region|regions}, no value of {indicator} is known.",
        "place.finding": (
            "Half of the total {mass} is found in {half:region|regions} out of {regions}, led by {first}."
        ),
        "potential.what": (
            "The potential of a region is the {mass} within its reach; what lies {half_km} km away counts "
            "for half."
        ),
        "potential.highest": "Of the {regions:region|regions}, those with the highest potential are {top}.",
        "potential.partly": "Across borders, {factor} of foreign mass counts.",
        "potential.closed": "Mass across borders does not count.",
        "potential.full": "Mass across borders counts in full.",
        "potential.abroad": (
            "Potential from abroad makes up {median} of the total in the median region, and most in {most}."
        ),
        "potential.finding": "Potential, the {mass} within reach, is highest in {first}.",
        "clusters.log": "Values are compared by their logarithms, because a few lie far above the rest.",
        "clusters.alike": (
            "Neighbouring regions are more alike in {indicator} than chance alone would make them (Moran's "
            "I {moran}, where {expected} is expected by chance; two-sided p {p} from "
            "{permutations:permutation|permutations})."
        ),
        "clusters.random": (
            "Neighbouring regions are no more alike in {indicator} than chance alone would make them "
            "(Moran's I {moran}, where {expected} is expected by chance; two-sided p {p} from "
            "{permutations:permutation|permutations})."
        ),
        "clusters.unlike": (
            "Neighbouring regions differ more in {indicator} than chance alone would make them (Moran's I "
            "{moran}, where {expected} is expected by chance; two-sided p {p} from "
            "{permutations:permutation|permutations})."
        ),
        "clusters.high": "High values cluster around {high:region|regions}, led by {top}.",
        "clusters.low": "Low values cluster around {low:region|regions}; the lowest are in {top}.",
        "clusters.none": (
            "No single region belongs to a cluster of high or of low values at a false discovery rate of "
            "{level}."
        ),
        "clusters.rate": "These clusters are found at a false discovery rate of {level}.",
        "clusters.above": "Among low neighbours, {above:region stands|regions stand} out as high.",
        "clusters.below": "Among high neighbours, {below:region stands|regions stand} out as low.",
        "clusters.alone": (
            "Of the {known:region|regions} with a known value, {alone:has no neighbour and is|have no "
            "neighbour and are} left out."
        ),
        "clusters.links": "These regions do not touch and count as neighbours: {links}",
        "clusters.finding_alike": (
            "Neighbouring regions are more alike in {indicator} than chance alone would make them (Moran's "
            "I {moran}, p {p})."
        ),
        "clusters.finding_random": (
            "Neighbouring regions are no more alike in {indicator} than chance alone would make them "
            "(Moran's I {moran}, p {p})."
        ),
        "clusters.finding_unlike": (
            "Neighbouring regions differ more in {indicator} than chance alone would make them (Moran's I "
            "{moran}, p {p})."
        ),
        "poles.one": "A single growth pole stands out among {regions:region|regions}: {top}.",
        "poles.few": (
            "Among {regions:region|regions}, {poles:growth pole stands|growth poles stand} out; in order of "
            "{mass}, they are {top}."
        ),
        "poles.many": (
            "Among {regions:region|regions}, {poles:growth pole stands|growth poles stand} out; by {mass}, "
            "the largest are {top}."
        ),
        "poles.types": "Of the other {others:region|regions}, {types}.",
        "poles.agreement": (
            "When masses and distances are perturbed at random, the median region keeps its type in "
            "{agreement} of the draws."
        ),
        "poles.unsure": (
            "Dots mark {unsure:region that keeps its type|regions that keep their type} in fewer than {cut} "
            "of them."
        ),
        "poles.contested": (
            "The pull of two poles is most evenly balanced in {contested}, on a scale from zero to one."
        ),
        "poles.finding_one": "A single growth pole stands out: {first}.",
        "poles.finding": (
            "In all, {poles:growth pole stands|growth poles stand} out, the largest being {first}."
        ),
        "borders.none": "No regions of different countries share a boundary.",
        "borders.length": (
            "Of the {segments:boundary segment|boundary segments} between regions, {foreign:lies on a "
            "national border|lie on national borders}, {km} km in all; {touching:region touches|regions "
            "touch} a border."
        ),
        "borders.log": "Neighbours are compared by the ratio of their values of {indicator}.",
        "borders.more": (
            "At equal distance, neighbours across a border differ {adjusted} times as much in {indicator} "
            "as neighbours within a country, more than chance would explain; without allowing for distance, "
            "they differ {ratio} times as much."
        ),
        "borders.less": (
            "At equal distance, neighbours across a border differ {adjusted} times as much in {indicator} "
            "as neighbours within a country, less than chance would produce; without allowing for distance, "
            "they differ {ratio} times as much."
        ),
        "borders.chance": (
            "At equal distance, neighbours across a border differ {adjusted} times as much in {indicator} "
            "as neighbours within a country, which chance could explain; without allowing for distance, "
            "they differ {ratio} times as much."
        ),
        "borders.tests": (
            "Two-sided tests give p {p} with values reshuffled, p {p_placebo} with borders drawn at random, "
            "and p {p_noise} against equally smooth maps of noise."
        ),
        "borders.two_tests": (
            "Two-sided tests give p {p} with values reshuffled and p {p_placebo} with borders drawn at "
            "random."
        ),
        "borders.springboards": (
            "Of the {edge:border region|border regions}, {springboards:is a springboard|are springboards}, "
            "with much to gain across the border and many domestic routes leading there. The highest "
            "scores, from zero to one, are those of {top}."
        ),
        "borders.scores": (
            "No border region is a springboard, with much to gain across the border and many domestic "
            "routes leading there."
        ),
        "borders.finding_more": (
            "At equal distance, neighbours across a national border differ {adjusted} times as much in "
            "{indicator} as neighbours within a country, more than chance would explain."
        ),
        "borders.finding_less": (
            "At equal distance, neighbours across a national border differ {adjusted} times as much in "
            "{indicator} as neighbours within a country, less than chance would produce."
        ),
        "borders.finding_chance": (
            "There is no evidence that national borders divide regions by {indicator}: at equal distance, "
            "neighbours across a border differ {adjusted} times as much as neighbours within a country, "
            "which chance could explain."
        ),
        "flows.total": "The sum of {flows:flow|flows} between {regions:region|regions} is {total}.",
        "flows.decay": (
            "Where distance is one per cent longer, flows are {fall} lower ({level} interval: {low} to "
            "{high})."
        ),
        "flows.no_decay": (
            "Flows do not fall with distance: where distance is one per cent longer, they change by "
            "{change} ({level} interval: {change_low} to {change_high})."
        ),
        "flows.unfitted": "How flows fall with distance cannot be estimated. {reason}",
        "flows.fit": ("A gravity model with distance alone assigns {cpc} of the flows to the right pairs."),
        "flows.net": "Net gains are largest in {gains}; net losses are largest in {losses}.",
        "flows.balanced": "Every region receives as much as it sends.",
        "flows.finding": ("Where distance is one per cent longer, flows are {fall} lower ({low} to {high})."),
        "flows.finding_flat": "Flows do not fall with distance.",
        "disparities.gini": (
            "The Gini coefficient of {values} across regions, each counted once, is {gini}, where zero means "
            "that all regions are equal and one that a single region has everything."
        ),
        "disparities.spread": (
            "The region at the ninetieth percentile has {spread} times the value of the region at the tenth."
        ),
        "disparities.theil": (
            "Of the inequality that Theil's index measures ({theil}), {between} lies between countries and "
            "{within} within them."
        ),
        "disparities.finding": "The Gini coefficient of {values} across regions is {gini}.",
        "convergence.every": (
            "In every year from {first} to {last}, {values} is known for {kept:region|regions}."
        ),
        "convergence.some": (
            "Of the {known:region|regions} whose {values} is known in some year, {kept:has|have} a value in "
            "every year from {first} to {last}; what follows is about these alone."
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
        "sources.conventions": (
            "Distances are geodesic, p-values are two-sided, and random draws can be repeated."
        ),
    }
)

# The types of space, as they follow the number of regions in the list of them.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "hinterland": "{n:lies in the hinterland of one pole|lie in the hinterland of one pole}",
        "corridor": "{n:lies on the way between two poles|lie on the way between two poles}",
        "contested": "{n:is contested between poles|are contested between poles}",
        "transition": "{n:lies in a transition zone|lie in transition zones}",
        "periphery": "{n:is peripheral|are peripheral}",
        "border interface": (
            "{n:lies on a border and is drawn to a pole abroad|"
            "lie on a border and are drawn to a pole abroad}"
        ),
    }
)

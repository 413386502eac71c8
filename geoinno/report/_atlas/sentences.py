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
            "The sum of {mass} over all regions is {total}; the {half:largest region holds|largest regions "
            "hold} half of it."
        ),
        "place.total_one": (
            "The sum of {mass} over all regions is {total}, at least half of which is found in {first}."
        ),
        "place.total_alone": "The sum of {mass} is {total}.",
        "place.largest": "Ranked by {mass}, the largest of the {regions:region|regions} are {top}.",
        "place.range": (
            "Values of {indicator} are highest in {top} and lowest in {bottom}; the median is {median}."
        ),
        "place.range_alone": "The only known value of {indicator} is that of {top}.",
        "place.same": "All regions with a known value have the same {indicator}, {median}.",
        "place.missing": "For {missing:region|regions}, no value of {indicator} is known.",
        "place.finding": (
            "Of the {regions:region|regions}, the {half} largest hold half of the total {mass}, led by "
            "{first}."
        ),
        "place.finding_one": (
            "{first} alone holds at least half of the total {mass} of {regions:region|regions}."
        ),
        "potential.what": (
            "The potential of a region sums the {mass} within its reach, weighted by distance: what lies "
            "{half_km} km away counts for half."
        ),
        "potential.highest": "Of the {regions:region|regions}, those with the highest potential are {top}.",
        "potential.partly": "Across borders, {factor} of foreign mass counts.",
        "potential.closed": "Mass across borders does not count.",
        "potential.full": "Mass across borders counts in full.",
        "potential.abroad": (
            "Potential from abroad makes up {median} of the total in the median region, and most in {most}."
        ),
        "potential.finding": "Potential, the {mass} within reach, is highest in {first}.",
        "clusters.log": (
            "These tests compare the logarithms of values, because a few values lie far above the rest."
        ),
        "clusters.alike": (
            "Neighbouring regions are more alike in {indicator} than chance alone would make them (Moran's "
            "I {moran}, where {expected} is expected by chance; two-sided p {p} from "
            "{permutations:permutation|permutations})."
        ),
        "clusters.random": (
            "There is no evidence that neighbouring regions are more alike, or less alike, in {indicator} "
            "than chance alone would make them (Moran's I {moran}, where {expected} is expected by chance; "
            "two-sided p {p} from {permutations:permutation|permutations})."
        ),
        "clusters.unlike": (
            "Neighbouring regions differ more in {indicator} than chance alone would make them (Moran's I "
            "{moran}, where {expected} is expected by chance; two-sided p {p} from "
            "{permutations:permutation|permutations})."
        ),
        "clusters.high": "High values cluster around {high:region|regions}, led by {top}.",
        "clusters.high_few": "High values cluster around {high:region|regions}: {top}.",
        "clusters.low": "Low values cluster around {low:region|regions}; the lowest are in {top}.",
        "clusters.low_few": "Low values cluster around {low:region|regions}: {top}.",
        "clusters.none": (
            "No region belongs to a cluster of high or low values, or stands out among its neighbours, at a"
            " false discovery rate of {level}."
        ),
        "clusters.rate": (
            "These regions are found at a false discovery rate of {level}: that share of them is expected "
            "to be there by chance alone."
        ),
        "clusters.above": (
            "Among low neighbours, {above:region stands|regions stand} out as high, led by {top}."
        ),
        "clusters.above_few": "Among low neighbours, {above:region stands|regions stand} out as high: {top}.",
        "clusters.below": (
            "Among high neighbours, {below:region stands|regions stand} out as low; the lowest are {top}."
        ),
        "clusters.below_few": "Among high neighbours, {below:region stands|regions stand} out as low: {top}.",
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
            "There is no evidence that neighbouring regions are more alike, or less alike, in {indicator} "
            "than chance alone would make them (Moran's I {moran}, p {p})."
        ),
        "clusters.finding_unlike": (
            "Neighbouring regions differ more in {indicator} than chance alone would make them (Moran's I "
            "{moran}, p {p})."
        ),
        "poles.what": (
            "A growth pole is a summit of the {mass} within reach: what is within reach falls by at least "
            "{fall} on the way to any higher summit, and the pole itself has at least {least} of the {mass}"
            " of the mean region."
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
        "poles.types_one": "The one other region {type}.",
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
        "poles.finding_few": "In all, {poles:growth pole stands|growth poles stand} out: {first}.",
        "borders.none": "No regions of different countries share a boundary.",
        "borders.length": (
            "Of the {segments:boundary segment|boundary segments} between regions, {foreign:lies on a "
            "national border|lie on national borders}, {km} km in all; {touching:region touches|regions "
            "touch} a national border."
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
        "borders.mixed": (
            "At equal distance, neighbours across a border differ {adjusted} times as much in {indicator} "
            "as neighbours within a country, but not every test rules out chance; without allowing for "
            "distance, they differ {ratio} times as much."
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
        "borders.finding_mixed": (
            "At equal distance, neighbours across a national border differ {adjusted} times as much in "
            "{indicator} as neighbours within a country, but not every test rules out chance."
        ),
        "flows.total": "The sum of {flows:flow|flows} between {regions:region|regions} is {total}.",
        "flows.decay": (
            "Where distance is one per cent longer, flows are {fall} lower ({level} interval: {low} to "
            "{high})."
        ),
        "flows.no_decay": (
            "There is no evidence that flows fall with distance: where distance is one per cent longer, "
            "they change by {change} ({level} interval: {change_low} to {change_high})."
        ),
        "flows.unfitted": "How flows fall with distance cannot be estimated. {reason}",
        "flows.fit": (
            "Given the totals that each region sends and receives, a gravity model of distance assigns {cpc}"
            " of the flows to the right pairs."
        ),
        "flows.net": (
            "Of the {regions:region|regions}, {gaining:gains|gain} and {losing:loses|lose} by these flows. "
            "Net gains are largest in {gains}; net losses are largest in {losses}."
        ),
        "flows.balanced": "Every region receives as much as it sends.",
        "flows.finding": ("Where distance is one per cent longer, flows are {fall} lower ({low} to {high})."),
        "flows.finding_flat": "There is no evidence that flows fall with distance.",
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
        "sources.conventions": (
            "Distances are geodesic, p-values are two-sided, and random draws start from a fixed seed, so "
            "that they can be repeated."
        ),
    }
)

# What follows a list, after a count, where further regions share the last value in it.
TIES = "{n} other with the same value|{n} others with the same value"

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

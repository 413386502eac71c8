"""Sentences of the chapters that an atlas has on request, in English."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno.report._atlas.scenario_sentences import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Mapping

# The kinds of options, and the verdicts on declared priorities, as they follow a number.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "high road": "{n:is within reach and complex (high road)|are within reach and complex (high road)}",
        "slow road": (
            "{n:is within reach but not complex (slow road)|are within reach but not complex (slow road)}"
        ),
        "casino": "{n:is complex but out of reach (casino)|are complex but out of reach (casino)}",
        "dead end": "{n:is neither (dead end)|are neither (dead end)}",
    }
)
VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "declared and supported": "{n:is supported by what is measured|are supported by what is measured}",
        "declared, not supported": (
            "{n:is not supported by what is measured|are not supported by what is measured}"
        ),
        "declared, already present": "{n:is present already|are present already}",
    }
)

ON_REQUEST: Mapping[str, str] = MappingProxyType(
    {
        **SCENARIOS,
        "index.name": "index of innovation potential",
        "index.what": "The {name} combines {indicators:indicator|indicators}.",
        "index.named": "The {name} combines {indicators:indicator|indicators}: {names}.",
        "index.pillars": (
            "The {name} combines {indicators:indicator|indicators} in {pillars:pillar|pillars}: {names}."
        ),
        "index.left_out": (
            "Without a value of every indicator, {left_out:region is|regions are} left out of this chapter."
        ),
        "index.minmax": "Each indicator runs from the worst value among the regions to the best.",
        "index.z": "Each indicator is measured in standard deviations from its mean.",
        "index.rank": "Each indicator counts by the ranks of the regions alone.",
        "index.goalposts": "Each indicator runs between two fixed goalposts.",
        "index.frontier": "Each indicator is taken as a share of its best value.",
        "index.arithmetic": "Values are averaged, so that a high one makes up for a low one.",
        "index.geometric": (
            "Values enter a geometric mean, in which a high one hardly makes up for a low one."
        ),
        "index.ces": (
            "Values enter a mean of constant elasticity, in which a high one partly makes up for a low one."
        ),
        "index.mazziotta-pareto": (
            "Values are averaged by the method of Mazziotta and Pareto, which takes points off for imbalance."
        ),
        "index.imputed": "To complete the data, {imputed:missing value was|missing values were} estimated.",
        "index.treated": "To limit the weight of outliers, {treated:value was|values were} changed.",
        "index.cut": "Beyond the goalposts, {cut:value was|values were} set to the nearer one.",
        "index.highest": (
            "Of the {regions:region|regions}, the index is highest in {top}, and lowest in {bottom}."
        ),
        "index.pillar": "The leaders in the pillar {pillar} are {top}.",
        "index.leader": (
            "With other scales, means and weights, and with noise in the data, the median rank of {first} "
            "is {rank}, and the middle {level} of {draws:draw|draws} place it between rank {low} and rank "
            "{high}."
        ),
        "index.leader_sure": (
            "With other scales, means and weights, and with noise in the data, {first} holds rank {rank} in"
            " the middle {level} of {draws:draw|draws}."
        ),
        "index.shift": (
            "On average, a region's rank shifts by {shift:place|places}, and its interval spans "
            "{width:rank|ranks}."
        ),
        "index.sure": (
            "The number of regions that are among the best {best} in at least {level} of draws is {sure}."
        ),
        "index.driver_impute": (
            "Ranks depend most on how missing values are estimated (total Sobol index {total}, on a scale "
            "from zero to one)."
        ),
        "index.driver_treat": (
            "Ranks depend most on how outliers are treated (total Sobol index {total}, on a scale from zero"
            " to one)."
        ),
        "index.driver_normalise": (
            "Ranks depend most on the scale of the indicators (total Sobol index {total}, on a scale from "
            "zero to one)."
        ),
        "index.driver_aggregate": (
            "Ranks depend most on the kind of mean (total Sobol index {total}, on a scale from zero to one)."
        ),
        "index.driver_weights": (
            "Ranks depend most on the weights (total Sobol index {total}, on a scale from zero to one)."
        ),
        "index.driver_noise": (
            "Ranks depend most on noise in the data (total Sobol index {total}, on a scale from zero to one)."
        ),
        "index.against": (
            "Contrary to what an index assumes, {against:indicator is|indicators are} negatively correlated"
            " with the rest of the group: {names}."
        ),
        "index.alt": (
            "Plot of the median ranks of {drawn} of the {regions:region|regions}, the best at the top: "
            "{ranks}."
        ),
        "index.caption": (
            "A dot is the median rank over all draws, its line the middle {level} of them, a diamond the "
            "rank on the map. Where lines overlap, the order is not certain."
        ),
        "index.finding": (
            "The {name} is highest in {first}; with other choices and with noise in the data, the middle "
            "{level} of draws place it between rank {low} and rank {high}."
        ),
        "index.finding_sure": (
            "The {name} is highest in {first}, which holds rank {low} in the middle {level} of draws with "
            "other choices and with noise in the data."
        ),
        **{f"specialisation.{kind}": text for kind, text in {**KINDS, **VERDICTS}.items()},
        "specialisation.what": (
            "A region is specialised in an activity if its location quotient, the share of the activity in "
            "the region over its share in all regions, is at least {cut}. Of "
            "{activities:activity|activities}, the median region is specialised in {median}."
        ),
        "specialisation.left_out": ("For {left_out:region|regions}, no activity is known."),
        "specialisation.peaks": "The highest location quotients are found in {peaks}.",
        "specialisation.mix": (
            "The mix of activities differs most from that of the other regions in {apart}, and least in "
            "{alike} (Krugman's index, from zero to two)."
        ),
        "specialisation.complex": (
            "Economic complexity, which rises with activities that few and diverse regions have, is highest "
            "in {top}; the most complex activities are {high}, the least complex {low}."
        ),
        "specialisation.unidentified": "The complexity of activities cannot be measured. {reason}",
        "specialisation.options": (
            "For each of {options:region|regions}, the map shows the new activity with the highest "
            "priority, which rises with how feasible and how complex it is, and with how well a partner "
            "supports it. Of these activities, {kinds}."
        ),
        "specialisation.best": "Priorities are highest in {best}.",
        "specialisation.partners": (
            "Arrows point to the partner that adds most to what a region lacks: {partners:region has one|"
            "regions have one}."
        ),
        "specialisation.partners_abroad": (
            "Arrows point to the partner that adds most to what a region lacks: {partners:region has one|"
            "regions have one}, which lies abroad in {abroad:case|cases}."
        ),
        "specialisation.declared": (
            "Regions have declared {declared:priority|priorities}. Of these, {verdicts}."
        ),
        "specialisation.finding": (
            "The mix of activities differs most from that of the other regions in {first}; the new activity"
            " with the highest priority is found in {best}."
        ),
        "specialisation.finding_mix": (
            "The mix of activities differs most from that of the other regions in {first}."
        ),
        "goals.what": (
            "Goals for {outcomes} are compared with the most that regions with no more resources "
            "({resources}) have reached."
        ),
        "goals.left_out": (
            "Without a known value of each of these, {left_out:region is|regions are} left out of this "
            "chapter."
        ),
        "goals.more": "Resources are assumed to grow by {growth}.",
        "goals.fewer": "Resources are assumed to fall by {growth}.",
        "goals.neighbours": "The resources of neighbours count too.",
        "goals.beyond": (
            "For {outcome}, {likely} of {goals:goal|goals} can be reached with a probability of at least "
            "{least}. The shortfall, as a share of the goal, is largest in {farthest}."
        ),
        "goals.within": (
            "For {outcome}, {likely} of {goals:goal|goals} can be reached with a probability of at least "
            "{least}, and none lies above what is attainable."
        ),
        "goals.agree": "In no region do goals that are attainable one by one contradict each other.",
        "goals.contradict": (
            "In {places:region|regions}, goals that are attainable one by one cannot be reached together."
        ),
        "goals.certificate": (
            "In {region}, the resources do not suffice for {goals} at once, though they would if any one of "
            "these were given up."
        ),
        "goals.alt": (
            "Plot of {drawn} of the {goals:goal|goals} for {outcome} beside what is attainable, those "
            "farthest out of reach at the top. The goal less what is attainable is largest in {gaps}."
        ),
        "goals.caption": (
            "A dot is what comparable regions reach, its line the {level} interval, a diamond the goal."
        ),
        "goals.finding": (
            "Judged by regions with no more resources, {likely} of {goals:goal|goals} can be reached with a"
            " probability of at least {least}."
        ),
    }
)

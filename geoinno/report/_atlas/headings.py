"""The headings of an atlas, by chapter, in English."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "findings": "Key findings",
        "place": "The place",
        "potential": "Potential",
        "clusters": "Clusters",
        "poles": "Poles and the spaces between",
        "borders": "Borders",
        "flows": "Flows",
        "disparities": "Disparities",
        "convergence": "Convergence",
        "diffusion": "How innovations spread",
        "index": "The index",
        "specialisation": "Specialisation and options",
        "goals": "Goals and resources",
        "openness": "What if borders were open?",
        "trade": "What if borders opened to trade?",
        "compression": "What if movement were faster?",
        "sources": "Methods and sources",
        "numbers": "The numbers",
        "failed": "This chapter cannot be computed: {reason}",
        "figures": "Figures in the text",
        "regions": "Values by region",
        "data": "Data: {source}",
    }
)

"""What the browser is told of flows, points and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geoinno.draw._scene.flows import RIM

if TYPE_CHECKING:
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.strokes import Strokes


def flows(drawn: Drawn) -> dict[str, Any]:
    """Return arrows, nodes and labels of one layer of flows."""
    shapes, places = drawn.arrows, drawn.places
    arrow_tips, node_tips = drawn.tips
    radius = places["radius"].to_numpy()
    arrows = [
        {
            "from": int(a),
            "to": int(b),
            "k": round(float(k), 4),
            "w": round(float(w), 2),
            "fill": fill,
            "start": round(float(radius[a]) + RIM, 2),
            "end": round(float(radius[b]) + RIM, 2),
        }
        for a, b, k, w, fill in zip(
            drawn.start, drawn.end, drawn.bends, shapes["width"], shapes["fill"], strict=True
        )
    ]
    return {
        "arrows": arrows,
        "nodes": [
            {"x": round(float(x)), "y": round(float(y)), "r": round(float(r), 2), "fill": fill}
            for (x, y), r, fill in zip(drawn.nodes, radius, places["fill"], strict=True)
        ],
        "labels": [{"node": i, "text": places["label"].iloc[i]} for i in drawn.named],
        "tips": tips(arrow_tips),
        "nodeTips": tips(node_tips),
    }


def strokes(drawn: Strokes, lines: str) -> dict[str, Any]:
    """Return the stretches of border of one layer."""
    shapes = drawn.layer.shapes
    return {
        "lines": lines,
        "w": [round(float(w), 2) for w in shapes["width"]],
        "fill": shapes["fill"].to_list(),
        "tips": tips(drawn.tips),
    }


def tips(cells: pd.DataFrame) -> dict[str, Any]:
    """Return tooltip cells: labels once, then a row for each shape."""
    rows = [[None if pd.isna(c) else str(c) for c in row] for row in cells.itertuples(index=False, name=None)]
    return {"labels": list(cells.columns), "rows": rows}

"""The scene of a sheet as JSON: all that the browser needs to draw it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geoinno.draw import palette
from geoinno.draw._layers import translated
from geoinno.draw._scene.corners import scale_corner
from geoinno.draw._scene.flows import RIM
from geoinno.draw._scene.scene import outlines
from geoinno.draw._scene.small import RING_PX
from geoinno.draw._web.encode import encoded
from geoinno.draw._web.numbers import named_regions, plain_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.composition import Composition
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.scene import Scene
    from geoinno.draw._scene.small import Spots
    from geoinno.draw._scene.strokes import Strokes
    from geoinno.draw._scene.wrapping import Wraps


def payload(sheet: Composition) -> str:
    """Return the scene as JSON that is safe inside a script element."""
    drawn = sheet.scene
    corner = (round(drawn.frame[0]), round(drawn.frame[1]))

    def text(shapes: Shapes) -> str:
        return encoded(shapes, corner=corner, quantum=drawn.quantum)

    spec = {
        "crs": drawn.projection.scene,
        "corner": corner,
        "quantum": drawn.quantum,
        "unit": drawn.unit,
        "frame": [round(v) for v in drawn.frame],
        "ground": _ground(drawn, text),
        "insets": _insets(drawn, text, sheet.lang),
        "lead": sheet.layers[0].kind,
        "sets": [_set(sheet, i, text) for i in range(len(drawn.fills))],
        "ring": RING_PX,
        "bar": scale_corner(drawn),
        "borders": text(drawn.borders),
        "edges": text(drawn.edges),
        "views": [_view(layer, s) for layer, s in zip(sheet.layers, drawn.set_of, strict=True) if s >= 0],
        "flows": [_flows(f, sheet.lang) for f in drawn.flows],
        "strokes": [_strokes(s, text(s.lines)) for s in drawn.strokes],
        "tiles": drawn.ground.tiles,
        "colours": _colours(),
        "alt": sheet.alt,
    }
    written = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c")


def _insets(drawn: Scene, text: Callable[[Shapes], str], lang: str) -> dict[str, Any]:
    """Return the frames of insets, the land in them, and their labels at the frames' corners."""
    boxes = np.array([shapely.box(*inset.box) for inset in drawn.insets], dtype=object)
    return {
        "boxes": text(boxes),
        "land": text(np.concatenate([*drawn.inset_land, np.array([], dtype=object)])),
        "labels": [
            {
                "x": round(x0),
                "y": round(y1),
                "w": round(x1 - x0),
                "h": round(y1 - y0),
                "text": inset.label(lang),
                "right": inset.flush_right,
                "foot": inset.at_foot,
            }
            for inset in drawn.insets
            for x0, y0, x1, y1 in [inset.box]
        ],
    }


def _ground(drawn: Scene, text: Callable[[Shapes], str]) -> dict[str, str]:
    """Return what lies below the regions, and the lakes above them."""
    ground = drawn.ground
    return {
        "land": text(ground.land),
        "borders": text(ground.borders),
        "graticule": text(ground.graticule),
        "lakes": text(ground.lakes),
    }


def _set(sheet: Composition, i: int, text: Callable[[Shapes], str]) -> dict[str, Any]:
    """Return one set of regions, which one view or several fill."""
    drawn = sheet.scene
    return {
        "n": len(drawn.fills[i]),
        "rings": text(drawn.fills[i]),
        "lines": _lines(drawn.fills[i], drawn.unit),
        "stack": drawn.stacks[i].tolist(),
        "spots": _spots(drawn.spots[i]),
        **named_regions(sheet.layers[drawn.set_of.index(i)], sheet.lang),
    }


def _spots(spots: Spots) -> list[list[int]]:
    """Return the small regions of a set: position, place and side of each."""
    rows = zip(spots.region, spots.places.round(), spots.sides.round(), strict=True)
    return [[int(i), int(x), int(y), int(side)] for i, (x, y), side in rows]


def _view(layer: Layer, set_: int) -> dict[str, Any]:
    """Return how one layer paints its regions."""
    codes = "".join(chr(48 + int(c)) for c in layer.shapes["code"])
    dotted = "".join("1" if d else "0" for d in layer.shapes["dotted"])
    return {
        "set": set_,
        "codes": codes,
        "keys": [
            {
                "fill": k.fill,
                "pattern": k.pattern,
                "line": palette.line_on(k.fill),
                "ring": palette.ring_on(k.fill),
                "dots": "dots" if palette.dots_on(k.fill) == palette.DOTS else "dots-light",
            }
            for k in layer.legends[0].keys
        ],
        "dotted": dotted if "1" in dotted else "",
        "tips": _tips(layer.tips),
        "numbers": plain_numbers(layer),
    }


def _flows(drawn: Drawn, lang: str) -> dict[str, Any]:
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
            **_over(drawn.wraps, i),
        }
        for i, (a, b, k, w, fill) in enumerate(
            zip(drawn.start, drawn.end, drawn.bends, shapes["width"], shapes["fill"], strict=True)
        )
    ]
    return {
        "arrows": arrows,
        "nodes": [
            {"x": round(float(x)), "y": round(float(y)), "r": round(float(r), 2), "fill": fill}
            for (x, y), r, fill in zip(drawn.nodes, radius, places["fill"], strict=True)
        ],
        "labels": [{"node": i, "text": places["label"].iloc[i]} for i in drawn.named],
        "tips": _tips(arrow_tips),
        "nodeTips": _tips(translated.tips(node_tips, lang)),
    }


def _over(wraps: Wraps, i: int) -> dict[str, Any]:
    """Return where an arrow leaves the map and comes back, and how much of it lies before."""
    if not wraps.over[i]:
        return {}
    leave, enter = (place[i].round().astype(int).tolist() for place in (wraps.leave, wraps.enter))
    return {"over": {"leave": leave, "enter": enter, "share": round(float(wraps.share[i]), 4)}}


def _strokes(drawn: Strokes, lines: str) -> dict[str, Any]:
    """Return the stretches of border of one layer."""
    shapes = drawn.layer.shapes
    return {
        "lines": lines,
        "w": [round(float(w), 2) for w in shapes["width"]],
        "fill": shapes["fill"].to_list(),
        "tips": _tips(drawn.tips),
    }


def _tips(cells: pd.DataFrame) -> dict[str, Any]:
    """Return tooltip cells: labels once, then a row for each shape."""
    rows = [[None if pd.isna(c) else str(c) for c in row] for row in cells.itertuples(index=False, name=None)]
    return {"labels": list(cells.columns), "rows": rows}


def _lines(fills: Shapes, unit: float) -> str:
    """Return the width of each region's line, a digit each, in tenths of a pixel."""
    return "".join(str(round(10 * float(width))) for width in outlines(fills, unit))


def _colours() -> dict[str, str]:
    """Return the colours that the browser needs by name."""
    return {
        "noData": palette.NO_DATA,
        "hatch": palette.HATCH,
        "dots": palette.DOTS,
        "land": palette.LAND,
        "coast": palette.COAST,
        "graticule": palette.GRATICULE,
        "foreignBorder": palette.FOREIGN_BORDER,
        "frame": palette.FRAME,
        "sea": palette.SEA,
        "nationalBorder": palette.NATIONAL_BORDER,
        "text": palette.TEXT,
        "hover": palette.FLOW_HOVER,
    }

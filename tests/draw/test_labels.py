"""Names of places: the important have one, none hides another, and those in insets stay there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

import geoinno as gi
from geoinno.draw._scene.labels import Room, labels

FRAME = (0.0, 0.0, 400.0, 300.0)
NONE, NOWHERE = np.empty((0, 4)), np.empty((0, 2))


def room(count, *, frame=FRAME, closed=NONE, spared=NOWHERE):
    return Room(np.tile(frame, (count, 1)), (7.0, 12.0), closed, spared)


def covers(label, nodes):
    """The box of a label, worked out anew from its anchor: seven pixels a letter, twelve a line."""
    lines = label.text.split("\n")
    width, height = 7.0 * max(map(len, lines)), 12.0 * len(lines)
    x, y = nodes[label.node] + [label.dx - label.hang * width, label.dy]
    return shapely.box(x, y - height / 2, x + width, y + height / 2)


def crowded():
    """A node in the middle, with six circles around it that leave no place beside it for a name."""
    turn = np.radians(np.arange(30, 360, 60))
    around = np.column_stack([np.cos(turn), np.sin(turn)]) * 20
    nodes = np.vstack([[0.0, 0.0], around]) + np.array([[200.0, 150.0]])
    return nodes, np.array([4.0, *[7.0] * 6])


def test_an_important_place_without_room_beside_it_is_named_at_the_end_of_a_line():
    nodes, radii = crowded()
    texts = ["Comunidad de Madrid", *[""] * 6]
    (label,) = labels(texts, nodes, radii, order=[0], room=room(7))
    assert label.led
    circles = [shapely.Point(place).buffer(r) for place, r in zip(nodes[1:], radii[1:], strict=True)]
    assert not any(covers(label, nodes).intersects(circle) for circle in circles)
    line = shapely.LineString([nodes[0], nodes[0] + [label.dx, label.dy]])
    assert not any(line.intersects(circle) for circle in circles)
    # On a map for which such lines would be clutter, it has none.
    small = room(7, frame=(150.0, 100.0, 250.0, 200.0))
    assert labels(texts, nodes, radii, order=[0], room=small) == []


def test_a_long_name_stands_in_two_lines_where_one_has_no_room():
    nodes, radii = np.array([[60.0, 150.0]]), np.array([4.0])
    narrow = room(1, frame=(0.0, 0.0, 150.0, 300.0))
    (label,) = labels(["Comunidad de Madrid"], nodes, radii, order=[0], room=narrow)
    assert label.text == "Comunidad\nde Madrid"
    (wide,) = labels(["Comunidad de Madrid"], nodes, radii, order=[0], room=room(1))
    assert wide.text == "Comunidad de Madrid"
    (hyphened,) = labels(["Baden-W\u00fcrttemberg"], nodes, radii, order=[0], room=narrow)
    assert hyphened.text == "Baden-\nW\u00fcrttemberg"


def test_a_name_spares_what_lies_to_the_right_if_there_is_room_elsewhere():
    nodes, radii = np.array([[200.0, 150.0]]), np.array([4.0])
    arrow = np.column_stack([np.linspace(205, 260, 9), np.full(9, 150.0)])
    (label,) = labels(["Lyon"], nodes, radii, order=[0], room=room(1, spared=arrow))
    assert not covers(label, nodes).intersects(shapely.LineString(arrow))
    (usual,) = labels(["Lyon"], nodes, radii, order=[0], room=room(1))
    assert (usual.dx, usual.dy, usual.hang) == (8.0, 0.0, 0.0)


def test_names_keep_out_of_closed_boxes_that_do_not_hold_their_place():
    nodes, radii = np.array([[200.0, 150.0], [260.0, 150.0]]), np.array([4.0, 4.0])
    closed = np.array([[220.0, 100.0, 330.0, 200.0]])
    first, second = labels(["Outside", "Inside"], nodes, radii, order=[0, 1], room=room(2, closed=closed))
    assert not covers(first, nodes).intersects(shapely.box(*closed[0]))
    assert (second.dx, second.dy) == (8.0, 0.0)


@pytest.mark.parametrize("seed", range(3))
def test_names_never_touch_names_or_circles_whatever_the_places(seed):
    rng = np.random.default_rng(seed)
    nodes, radii = rng.uniform((0, 0), (400, 300), (60, 2)), rng.uniform(2, 12, 60)
    texts = ["x" * n if n % 3 else "ab " * n for n in rng.integers(1, 15, 60)]
    placed = labels(texts, nodes, radii, order=list(range(60)), room=room(60))
    boxes = [covers(label, nodes) for label in placed]
    assert len(placed) > 10
    assert all(boxes[i].intersection(boxes[j]).area < 1e-9 for i in range(len(boxes)) for j in range(i))
    for label, box in zip(placed, boxes, strict=True):
        assert shapely.box(*FRAME).buffer(1e-9).contains(box)
        others = [shapely.Point(nodes[i]).buffer(radii[i]) for i in range(60) if i != label.node]
        assert not any(box.intersection(other).area > 1e-9 for other in others)


def test_the_names_of_all_layers_share_the_room_and_those_in_insets_stay_inside(north_america):
    regions = north_america.regions
    people = regions["city_population"]
    poles = gi.draw.pole_points(people > 4_000_000, regions, people, labels=regions["largest_city"])
    ends = [*people.index[8:15], regions.index[regions["name"] == "Hawaii"][0]]
    flows = pd.DataFrame({"origin": people.index[:8], "destination": ends, "value": 1.0})
    fill = gi.draw.choropleth(regions, "primacy")
    sheet = gi.draw.sheet(fill, poles, gi.draw.flow_lines(flows, regions), title="t", source="s")
    (inset,) = sheet.scene.insets
    figure = sheet.figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.canvas.draw()
    ax = figure.axes[0]
    named = {str(name) for drawn in sheet.scene.flows for name in drawn.places["label"]}
    texts = [t for t in ax.texts if t.get_text().replace("\n", " ") in named]
    boxes = [shapely.box(*t.get_window_extent(renderer).extents) for t in texts]
    assert len(boxes) > 10
    assert not any(a.intersection(b).area > 1 for i, a in enumerate(boxes) for b in boxes[:i])
    frame = shapely.box(*ax.transData.transform(np.reshape(inset.box, (2, 2))).ravel()).buffer(1)
    inside = [t.get_text() for t, box in zip(texts, boxes, strict=True) if frame.intersects(box)]
    assert inside == ["Hawaii"]
    assert all(frame.contains(box) for box in boxes if frame.intersects(box))


def test_a_very_long_name_is_shortened_on_the_map_alone(lattice):
    long = lattice.assign(name=[f"The official name of a region {i} " * 8 for i in range(36)])
    mass = pd.Series(np.arange(1.0, 37), lattice.index, name="v")
    poles = gi.draw.pole_points(mass > 33, long, mass)
    sheet = gi.draw.sheet(gi.draw.choropleth(long, mass), poles, title="t", source="s")
    written = [t.get_text() for t in sheet.figure().axes[0].texts if "official" in t.get_text()]
    assert len(written) == 3
    assert all(len(text) == 48 and text.endswith("\u2026") for text in written)
    assert set(poles.tips[""]) <= set(long["name"].str.strip())


def test_a_place_that_is_a_pole_and_has_flows_is_named_once(lattice):
    mass = pd.Series(np.arange(1.0, 37), lattice.index, name="v")
    flows = pd.DataFrame({"origin": ["55", "00"], "destination": ["00", "05"], "value": [3.0, 2.0]})
    layers = gi.draw.flow_lines(flows, lattice), gi.draw.pole_points(["55", "54"], lattice, mass)
    sheet = gi.draw.sheet(*layers, title="t", source="s")
    written = [t.get_text() for t in sheet.figure().axes[0].texts if t.get_text().startswith("Region")]
    assert sorted(written) == ["Region 0-0", "Region 0-5", "Region 5-4", "Region 5-5"]
    assert sheet.html().count('"text":"Region 5-5"') == 1


def test_letters_of_east_asia_are_given_the_room_they_take():
    nodes, radii = np.array([[300.0, 150.0]]), np.array([4.0])
    text = "\u6771\u4eac\u90fd\u5343\u4ee3\u7530\u533a\u6771\u4eac\u90fd"
    (wide,) = labels([text], nodes, radii, order=[0], room=room(1))
    (narrow,) = labels(["x" * 10], nodes, radii, order=[0], room=room(1))
    # Ten letters of seven pixels fit to the right, ten squares do not.
    assert (narrow.hang, wide.hang) == (0.0, 1.0)

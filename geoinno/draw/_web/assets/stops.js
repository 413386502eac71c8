/* What the keys and the search lead to: regions, places, arrows and stretches of border. A stop is
   { kind: "region" | "node" | "arrow" | "stroke", of: which layer of that kind, i: which of its things }. */
function bare(x, y) { return [x, y]; }
/* regions lead where a view fills them; otherwise what lies on top does */
function stopsOf(state) {
  var scene = state.scene, view = scene.views[state.current], kind = view ? "region" : scene.flows.length ? "node" : "stroke", list;
  list = view ? view.tips.rows : scene.flows.length ? scene.flows[0].nodes : scene.strokes.length ? scene.strokes[0].w : [];
  return list.map(function (thing, i) { return { kind: kind, of: 0, i: i }; });
}
function wordsOf(state, stop) {
  var scene = state.scene, spec = stop.kind === "stroke" ? scene.strokes[stop.of] : scene.flows[stop.of];
  var tips = stop.kind === "region" ? scene.views[state.current].tips : stop.kind === "node" ? spec.nodeTips : spec.tips;
  return [tips.labels, tips.rows[stop.i] || []];
}
/* where the stops are: worked out once for each set of regions */
function placesOf(state) {
  var view = state.scene.views[state.current], name = view ? "places" + view.set : "places";
  state.bare = state.bare || {};
  state.bare[name] = state.bare[name] || stopsOf(state).map(function (stop) { return placeOf(state, stop); });
  return state.bare[name];
}
/* where a stop is, in metres of the scene */
function placeOf(state, stop) {
  var spec = state.scene.flows[stop.of], leg, line;
  if (stop.kind === "region") { return middleOfParts(outlineOf(state, stop.i)); }
  if (stop.kind === "stroke") {
    line = strokesOf(state, stop.of)[stop.i];
    return line[Math.floor(line.length / 2)];
  }
  if (stop.kind === "node") { return [spec.nodes[stop.i].x, spec.nodes[stop.i].y]; }
  leg = mainLeg(spec, spec.arrows[stop.i]);
  return [0, 1].map(function (j) {
    return (leg.from[j] + leg.to[j] + leg.k * (j ? leg.to[0] - leg.from[0] : leg.from[1] - leg.to[1])) / 2;
  });
}
function decoded(state, name, text) {
  state.bare = state.bare || {};
  state.bare[name] = state.bare[name] || decode(text, state.scene, bare);
  return state.bare[name];
}
function outlineOf(state, i) {
  var s = state.scene.views[state.current].set;
  return decoded(state, "set" + s, state.scene.sets[s].rings)[i];
}
function strokesOf(state, k) { return decoded(state, "strokes" + k, state.scene.strokes[k].lines).map(lineOf); }
/* the middle of the largest part */
function middleOfParts(parts) {
  var best = null, size = -1;
  parts.forEach(function (rings) {
    var low = [Infinity, Infinity], high = [-Infinity, -Infinity], area;
    rings[0].forEach(function (p) {
      low = [Math.min(low[0], p[0]), Math.min(low[1], p[1])];
      high = [Math.max(high[0], p[0]), Math.max(high[1], p[1])];
    });
    area = (high[0] - low[0]) * (high[1] - low[1]);
    if (area > size) { size = area; best = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]; }
  });
  return best;
}
/* a place is inside where a ray from it meets the rings an odd number of times */
function holds(parts, x, y) {
  var inside = false;
  parts.forEach(function (rings) {
    rings.forEach(function (ring) {
      ring.forEach(function (p, i) {
        var q = ring[i ? i - 1 : ring.length - 1];
        if ((p[1] > y) !== (q[1] > y) && x < p[0] + (q[0] - p[0]) * (y - p[1]) / (q[1] - p[1])) { inside = !inside; }
      });
    });
  });
  return inside;
}
/* the keys go on from what was found */
function goOnFrom(state, stop) {
  var place = stopsOf(state).findIndex(function (other) { return other.kind === stop.kind && other.of === stop.of && other.i === stop.i; });
  if (place >= 0) { state.focused = place; state.turn = 0; }
}
/* what lies at a stop besides itself: places with their flows alone, each of these flows, stretches of border */
function stopsAt(state, stop) {
  var parts = stop.kind === "region" ? outlineOf(state, stop.i) : null, found = [];
  function add(kind, of, i) { found.push({ kind: kind, of: of, i: i }); }
  state.scene.flows.forEach(function (spec, k) {
    if (!state.isVisible(k)) { return; }
    spec.nodes.forEach(function (node, n) {
      var own = stop.kind === "node" && stop.of === k && stop.i === n;
      if (!own && !(parts && holds(parts, node.x, node.y))) { return; }
      if (!own && node.r) { add("node", k, n); }
      spec.arrows.forEach(function (arrow, j) { if (arrow.from === n || arrow.to === n) { add("arrow", k, j); } });
    });
  });
  if (parts) { addStrokes(state, parts, add); }
  return found;
}
/* a stretch of border belongs to a region whose rings hold it */
function addStrokes(state, parts, add) {
  var corners = {};
  parts.forEach(function (rings) { rings.forEach(function (ring) { ring.forEach(function (p) { corners[p] = true; }); }); });
  state.scene.strokes.forEach(function (spec, k) {
    if (!state.isVisible(state.scene.flows.length + k)) { return; }
    strokesOf(state, k).forEach(function (line, i) {
      if (line.every(function (p) { return corners[p]; })) { add("stroke", k, i); }
    });
  });
}
/* shows a stop: marked, with its words, inside the map */
function reveal(state, stop) {
  var words = wordsOf(state, stop), place = placeOf(state, stop);
  state.unmark();
  state.bringInside(place);
  state.mark(stop);
  showTip(state, words[0], words[1], state.onScreen(place));
  announce(state, spoken(words[0], words[1]));
}

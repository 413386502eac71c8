/* What a map drawn with MapLibre does for its reader: see reader.js. */
function serve(state) {
  var map = state.map;
  state.emphasise = function (codes) { emphasise(state, codes); };
  state.unmark = function () { if (map.getSource("marked")) { map.getSource("marked").setData(gathered([])); } };
  state.home = function () { state.touched = false; fit(state); P.writeAddress(state); };
  state.reveal = function (what) { reveal(state, what); };
  state.shift = function (dx, dy) { state.touched = true; map.panBy([dx, dy], { animate: false }); };
  state.zoomBy = function (by) { state.touched = true; map.jumpTo({ zoom: map.getZoom() + 0.75 * by }); };
  state.places = function () { return placesOf(state); };
  /* pixels can be read back only while they are being drawn */
  state.still = function (then) { map.once("render", then); map.triggerRepaint(); };
  state.seen = function () {
    var m = state.plane.metres(map.getCenter());
    return { x: m[0], y: m[1], zoom: map.getZoom() };
  };
  state.go = function (seen) {
    state.touched = true;
    map.jumpTo({ center: state.plane.place(seen.x, seen.y), zoom: seen.zoom });
  };
}
/* classes that are not chosen step back */
function emphasise(state, codes) {
  var n = state.current, clear = codes ? ["case", ["in", ["get", "c" + n], ["literal", codes]], 1, 0.12] : 1;
  state.drawn.layers.forEach(function (layer) {
    var property = layer.type === "circle" ? "circle-opacity" : "fill-opacity";
    if (layer.metadata.part === "view" + n && layer.type !== "line" && state.map.getLayer(layer.id)) {
      state.map.setPaintProperty(layer.id, property, clear);
    }
  });
}
function middlesOf(state) {
  var view = state.scene.views[state.current], shapes = view ? state.drawn.shapes[view.set] : [];
  return shapes.map(function (shape) { return middleOf(shape.geometry.coordinates); });
}
/* the middle of the largest part */
function middleOf(parts) {
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
function placesOf(state) {
  state.middles = state.middles || {};
  state.middles[state.current] = state.middles[state.current] || middlesOf(state);
  return state.middles[state.current].map(function (m) {
    var p = faces(state, m) ? state.map.project(m) : { x: 1e9, y: 1e9 };
    return [p.x, p.y];
  });
}
/* shows a region or a place that was looked for: outlined, with its words, inside the map */
function reveal(state, what) {
  var map = state.map, place, words, p;
  state.touched = true;
  state.unmark();
  if (what.node) {
    place = state.plane.place(what.node.x, what.node.y);
    state.scene.flows.forEach(function (spec) {
      var i = spec.nodes.indexOf(what.node);
      if (i >= 0) { words = [spec.nodeTips.labels, spec.nodeTips.rows[i]]; }
    });
  } else if (state.scene.views.length) {
    placesOf(state);
    place = state.middles[state.current][what.region];
    words = [state.scene.views[state.current].tips.labels, state.scene.views[state.current].tips.rows[what.region]];
    outline(state, what.region);
  }
  if (!words) { return; }
  p = map.project(place);
  if (!faces(state, place) || p.x < 40 || p.y < 40 || p.x > state.host.clientWidth - 40 || p.y > state.host.clientHeight - 40) {
    map.jumpTo({ center: place });
    p = map.project(place);
  }
  P.showTip(state, words[0], words[1], p);
  P.announce(state, P.spoken(words[0], words[1]));
}

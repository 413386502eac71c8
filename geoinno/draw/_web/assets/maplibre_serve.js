/* What a map drawn with MapLibre does for its reader: see reader.js. */
function serve(state) {
  var map = state.map;
  state.emphasise = function (codes) { emphasise(state, codes); };
  state.unmark = function () { unmark(state); };
  state.mark = function (stop) { stress(state, stop); };
  state.bringInside = function (place) { bringInside(state, place); };
  state.onScreen = function (place) { return onScreen(state, place); };
  state.isVisible = function (i) { return state.visible["over" + i] !== false; };
  state.recolour = function (dark) { recolour(state, dark); };
  state.home = function () { state.touched = false; fit(state); P.writeAddress(state); };
  state.reveal = function (stop) { P.reveal(state, stop); };
  state.shift = function (dx, dy) { state.touched = true; map.panBy([dx, dy], { animate: false }); };
  state.zoomBy = function (by) { state.touched = true; map.jumpTo({ zoom: map.getZoom() + 0.75 * by }); };
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
/* A large map in a page stands in a frame. Beside others it says where it is moved, and goes where the page tells it:
   see link. */
function moveWithOthers(state) {
  var led = false, away = false;
  if (root.parent === root) { return; }
  /* one that nobody has moved fits its own frame; the way home is told too */
  state.map.on("move", function () {
    if (led || !(state.touched || away)) { return; }
    away = state.touched;
    root.parent.postMessage({ geoinno: "moved", touched: away, seen: state.seen() }, "*");
  });
  root.addEventListener("message", function (e) {
    var seen = e.source === root.parent && e.data && e.data.geoinno === "go" ? e.data.seen : null;
    if (!seen || ![seen.x, seen.y, seen.zoom].every(isFinite)) { return; }
    led = true;
    away = Boolean(e.data.touched);
    if (away) { state.go(seen); } else { state.home(); }
    led = false;
  });
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
/* outlines a region, shows the flows of a place alone, or lays the colour of the pointer on an arrow or a border */
function stress(state, stop) {
  var spec = stop.kind === "stroke" ? state.scene.strokes[stop.of] : state.scene.flows[stop.of], line;
  if (stop.kind === "region") { outline(state, stop.i); return; }
  if (stop.kind === "node") { alone(state, { id: stop.i, layer: { id: "flow" + stop.of + "-node" } }); return; }
  line = stop.kind === "arrow" ? bowFeature(0, bow(state.drawn, spec, spec.arrows[stop.i]), { w: spec.arrows[stop.i].w })
    : state.drawn.sources["stroke" + stop.of].data.features[stop.i];
  state.map.getSource("marked-line").setData(gathered([line]));
}
function unmark(state) {
  ["marked", "marked-line"].forEach(function (name) {
    if (state.map.getSource(name)) { state.map.getSource(name).setData(gathered([])); }
  });
  alone(state, null);
}
/* a place on the far side of a globe is nowhere on the screen */
function onScreen(state, place) {
  var p = state.plane.place(place[0], place[1]);
  return faces(state, p) ? state.map.project(p) : { x: 1e9, y: 1e9 };
}
function bringInside(state, place) {
  var p = onScreen(state, place);
  if (p.x >= 40 && p.y >= 40 && p.x <= state.host.clientWidth - 40 && p.y <= state.host.clientHeight - 40) { return; }
  state.touched = true;
  state.map.jumpTo({ center: state.plane.place(place[0], place[1]) });
}

/* What a large map answers to its reader: the pointer, the switches, the size of the window. */
function isFill(id) { return id.indexOf("fill") === 0; }
function isRegion(id) { return isFill(id) || id.indexOf("ring") === 0; }
/* what lies under the pointer: arrows, nodes and borders within five pixels before the region below */
function under(state, point) {
  var near = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]];
  function first(where, fills) {
    var layers = Object.keys(state.drawn.tips).filter(function (id) {
      return isFill(id) === fills && state.visible[state.parts[id]] !== false && state.map.getLayer(id);
    });
    return layers.length ? state.map.queryRenderedFeatures(where, { layers: layers })[0] : undefined;
  }
  return first(near, false) || first([point.x, point.y], true);
}
function answer(state, point) {
  var hit = under(state, point);
  state.unmark();
  P.hideTip(state);
  if (!hit) { return; }
  var tips = state.drawn.tips[hit.layer.id];
  if (isRegion(hit.layer.id)) { outline(state, hit.id); }
  if (/^flow\d+-node$/.test(hit.layer.id)) { alone(state, hit); }
  P.showTip(state, tips.labels, tips.rows[hit.id], point);
}
function outline(state, i) {
  state.map.getSource("marked").setData(gathered([state.drawn.shapes[state.scene.views[state.current].set][i]]));
}
/* the arrows of one place alone, or all of them */
function alone(state, hit) {
  var name = hit ? hit.layer.id.replace("-node", "") : state.alone, clear;
  if (!name) { return; }
  clear = hit ? ["case", ["any", ["==", ["get", "a"], hit.id], ["==", ["get", "b"], hit.id]], 1, 0.05] : undefined;
  state.drawn.layers.forEach(function (layer) {
    if (layer.id.indexOf(name + "-") !== 0 || /node$/.test(layer.id) || !state.map.getLayer(layer.id)) { return; }
    var property = layer.type === "symbol" ? "icon-opacity" : "line-opacity";
    state.map.setPaintProperty(layer.id, property, hit ? clear : layer.paint[property]);
  });
  state.alone = hit ? name : null;
}

function addPictures(state) {
  var map = state.map, dots = state.scene.colours.dots;
  map.addImage("hatch", pixels(P.hatchTile(state.scene)));
  map.addImage("dots", pixels(dotTile(dots, 0.55)));
  map.addImage("dots-light", pixels(dotTile("#ffffff", 0.8)));
  Object.keys(state.drawn.pictures).forEach(function (name) { map.addImage(name, pixels(state.drawn.pictures[name])); });
}
function start(state) {
  var map = state.map;
  function follow() { placeLabels(state); measureBar(state); count(state); }
  addPictures(state);
  addSources(map, state.drawn.sources);
  state.drawn.layers.forEach(function (layer) { lay(state, layer); });
  grow(state);
  P.resizeLegend(state.wrap, state.factor);
  P.connectReader(state);
  P.panel(state.wrap, function (n) { paint(state, n); P.showPressed(state); state.refreshTable(); P.writeAddress(state); }, function (i, on) {
    show(state, "over" + i, on); placeLabels(state); P.hideTip(state);
  });
  map.on("moveend", function () { P.writeAddress(state); });
  P.followAddress(state);
  moveWithOthers(state);
  map.on("zoomend", function () { grow(state); });
  map.on("mousemove", function (e) { answer(state, e.point); });
  map.on("click", function (e) { answer(state, e.point); });
  map.on("mouseout", function () { state.unmark(); P.hideTip(state); });
  map.on("move", follow);
  follow();
  map.once("idle", function () {
    state.wrap.classList.add("gi-ready");
    state.wrap.setAttribute("data-gi-ready", "1");
  });
}
function mount(id, scene) {
  var state = opened(id, scene), map = state.map;
  scene.views.forEach(function (view, i) { state.visible["view" + i] = i === 0; });
  serve(state);
  addLabels(state);
  map.once("load", function () { start(state); });
  /* a move that began with an event is the reader's */
  map.on("movestart", function (e) { if (e.originalEvent) { state.touched = true; } });
  map.on("resize", function () { fit(state); measureBar(state); placeLabels(state); });
  fit(state);
  P.describeKeys(state, map.getCanvas());
  P.reportHeight(state.wrap);
  map.gi = { forward: state.globe.forward, inverse: state.globe.inverse, place: state.plane.place, metres: state.plane.metres };
  return map;
}
/* A browser without WebGL shows the static twin. */
function guarded(id, text) {
  return inflated(text).then(function (scene) { G.maps[id] = mount(id, scene); }).catch(function (error) {
    document.getElementById(id).closest(".gi-sheet").classList.remove("gi-live");
    root.console.error(error);
  });
}
G.mountLarge = guarded;

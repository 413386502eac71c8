/* What a map drawn with Leaflet does for its reader: see reader.js. */
function serve(state) {
  var map = state.map;
  state.emphasise = function (codes) { emphasise(state, codes); };
  state.unmark = function () { unmark(state); };
  state.mark = function (stop) { stress(state, stop); };
  state.bringInside = function (place) { bringInside(state, state.world.place(place[0], place[1])); };
  state.onScreen = function (place) { return map.latLngToContainerPoint(state.world.place(place[0], place[1])); };
  state.isVisible = function (i) { return map.hasLayer(state.overlays[i].group); };
  state.still = function (then) { then(); };
  state.home = function () { afterZoom(map, function () { state.touched = false; fit(state); writeAddress(state); }); };
  state.reveal = function (stop) { afterZoom(map, function () { reveal(state, stop); }); };
  state.shift = function (dx, dy) {
    afterZoom(map, function () { state.touched = true; map.panBy([dx, dy], { animate: false }); });
  };
  state.zoomBy = function (by) {
    afterZoom(map, function () { state.touched = true; map.setZoom(map.getZoom() + by * map.options.zoomDelta, { animate: false }); });
  };
  state.seen = function () {
    var p = state.world.crs.projection.project(map.getCenter());
    return { x: p.x, y: p.y, zoom: map.getZoom() };
  };
  state.go = function (seen) {
    afterZoom(map, function () {
      state.touched = true;
      map.setView(state.world.place(seen.x, seen.y), seen.zoom, { animate: false });
    });
  };
}
/* Keys move the map at once, so that each adds to the one before. What the mouse or fingers began is animated, and
   its end would undo whatever moved the map meanwhile: that waits for it. */
function afterZoom(map, act) {
  if (map._animatingZoom) { map.once("zoomend", act); } else { act(); }
}
/* outlines a region, shows the flows of a place alone, or draws an arrow or a stretch of border as under the pointer */
function stress(state, stop) {
  var set, overlay = state.overlays[stop.kind === "stroke" ? state.scene.flows.length + stop.of : stop.of];
  if (stop.kind === "region") {
    set = state.sets[state.view.set];
    mark(state, set, ringFor(set, stop.i) || set.shapes[stop.i], 3);
  } else if (stop.kind === "node") {
    onlyFlowsOf(overlay.arrows, stop.i);
    state.restore = function () { onlyFlowsOf(overlay.arrows, null); };
  } else { overlay.paint(stop.i, true); state.restore = function () { overlay.paint(stop.i, false); }; }
}
function ringFor(set, i) {
  return set.rings.filter(function (ring) { return ring.index === i && set.group.hasLayer(ring); })[0];
}
function bringInside(state, place) {
  var map = state.map, p = map.latLngToContainerPoint(place), size = map.getSize();
  if (p.x >= 40 && p.y >= 40 && p.x <= size.x - 40 && p.y <= size.y - 40) { return; }
  state.touched = true;
  map.panTo(place, { animate: false });
}

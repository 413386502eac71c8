/* What a map drawn with Leaflet does for its reader: see reader.js. */
function serve(state) {
  var map = state.map;
  state.emphasise = function (codes) { emphasise(state, codes); };
  state.unmark = function () { unmark(state); };
  state.still = function (then) { then(); };
  state.home = function () { afterZoom(map, function () { state.touched = false; fit(state); writeAddress(state); }); };
  state.reveal = function (what) { afterZoom(map, function () { reveal(state, what); }); };
  state.shift = function (dx, dy) {
    afterZoom(map, function () { state.touched = true; map.panBy([dx, dy], { animate: false }); });
  };
  state.zoomBy = function (by) {
    afterZoom(map, function () { state.touched = true; map.setZoom(map.getZoom() + by * map.options.zoomDelta, { animate: false }); });
  };
  state.places = function () { return placesOf(state); };
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
/* where each region of the view lies on the screen: the middle of its largest part */
function placesOf(state) {
  var set = state.view ? state.sets[state.view.set] : null;
  if (!set) {
    return state.overlays.length ? state.overlays[0].places.map(function (p) { return onScreen(state.map.latLngToContainerPoint(p)); }) : [];
  }
  set.middles = set.middles || set.shapes.map(middleOf);
  return set.middles.map(function (m) { return onScreen(state.map.latLngToContainerPoint(state.world.place(m[0], m[1]))); });
}
function onScreen(point) { return [point.x, point.y]; }
function middleOf(region) {
  var parts = region.getLatLngs(), best = null, size = -1;
  parts.forEach(function (rings) {
    var xs = rings[0].map(function (p) { return p.x; }), ys = rings[0].map(function (p) { return p.y; });
    var box = [Math.min.apply(null, xs), Math.max.apply(null, xs), Math.min.apply(null, ys), Math.max.apply(null, ys)];
    var area = (box[1] - box[0]) * (box[3] - box[2]);
    if (area > size) { size = area; best = [(box[0] + box[1]) / 2, (box[2] + box[3]) / 2]; }
  });
  return best;
}
/* shows a region or a place that was looked for: outlined, with its words, inside the map */
function reveal(state, what) {
  var map = state.map, set, place, words;
  state.touched = true;
  if (what.node) {
    place = state.world.place(what.node.x, what.node.y);
    state.overlays.forEach(function (overlay) {
      var i = (overlay.spec.nodes || []).indexOf(what.node);
      if (i >= 0) { words = [overlay.spec.nodeTips.labels, overlay.spec.nodeTips.rows[i]]; }
    });
  } else if (state.view) {
    set = state.sets[state.view.set];
    set.middles = set.middles || set.shapes.map(middleOf);
    place = state.world.place(set.middles[what.region][0], set.middles[what.region][1]);
    words = [state.view.tips.labels, state.view.tips.rows[what.region]];
  }
  if (!words) { return; }
  bringInside(map, place);
  if (set) { mark(state, set, ringFor(set, what.region) || set.shapes[what.region], 3); }
  showTip(state, words[0], words[1], map.latLngToContainerPoint(place));
  announce(state, spoken(words[0], words[1]));
}
function ringFor(set, i) {
  return set.rings.filter(function (ring) { return ring.index === i && set.group.hasLayer(ring); })[0];
}
function bringInside(map, place) {
  var p = map.latLngToContainerPoint(place), size = map.getSize();
  if (p.x < 40 || p.y < 40 || p.x > size.x - 40 || p.y > size.y - 40) { map.panTo(place, { animate: false }); }
}

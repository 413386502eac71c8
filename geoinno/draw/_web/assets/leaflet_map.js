/* One map on the page, drawn with Leaflet.

   `state` holds what its parts share: the scene, the elements on the page, the map, the view that
   fills the regions, the overlays above them, and whether the reader has moved the map. */
function opened(id, scene) {
  var host = document.getElementById(id), world = makeCrs(scene.crs, scene.unit, scene.tiles), f = scene.frame;
  var still = root.matchMedia && root.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var map = L.map(host, {
    crs: world.crs, center: world.place((f[0] + f[2]) / 2, (f[1] + f[3]) / 2), zoom: 4, zoomSnap: 0, zoomDelta: 0.75, wheelPxPerZoomLevel: 120,
    attributionControl: false, keyboard: false,
    zoomAnimation: !still, fadeAnimation: !still, worldCopyJump: false
  });
  leaveFingers(map);
  /* Leaflet would draw on whole pixels, which gives slanting edges teeth */
  map.latLngToLayerPoint = function (place) {
    var p = map.project(place).subtract(map.getPixelOrigin());
    return L.point(Math.round(p.x * 8) / 8, Math.round(p.y * 8) / 8);
  };
  ["land", "regions", "lakes", "borders", "rings", "flows", "nodes"].forEach(function (name, i) {
    map.createPane("gi-" + name).style.zIndex = 210 + 40 * i;
  });
  return {
    id: id, scene: scene, host: host, wrap: host.closest(".gi-sheet"), world: world, map: map,
    view: null, current: 0, sets: [], insetLabels: [], overlays: [], factor: 1, touched: false, fitted: false, tip: null, marked: null
  };
}
/* The mouse drags the map. One finger scrolls the page and two move the map, on phones as on laptops that have both. */
function leaveFingers(map) {
  var drag = map.dragging._draggable;
  L.DomEvent.off(drag._dragStartTarget, "touchstart", drag._onDown, drag);
  L.DomUtil.removeClass(map.getContainer(), "leaflet-touch-drag");
}
function fit(state) {
  var map = state.map, size = map.getSize(), f = state.scene.frame;
  if ((state.touched && state.fitted) || !size.x || !size.y) { return; }
  var z = state.world.crs.zoom(Math.min(size.x / (f[2] - f[0]), size.y / (f[3] - f[1])));
  /* the view first: a limit that the present view breaks would start a move of its own */
  map.options.minZoom = map.options.maxZoom = undefined;
  if (state.touched) { map.setView(map.getCenter(), Math.max(z - 1, Math.min(map.getZoom(), z + 7)), { animate: false }); }
  else { map.setView(state.world.place((f[0] + f[2]) / 2, (f[1] + f[3]) / 2), z, { animate: false }); }
  map.setMinZoom(z - 1); map.setMaxZoom(z + 7);
  state.fitted = true;
}
function draw(state) {
  var scene = state.scene;
  drawGround(state);
  state.host.appendChild(patterns(state.id, scene));
  state.sets = scene.sets.map(function (set) { return regionSet(state, set); });
  state.overlays = (scene.flows || []).map(function (spec) { return flowLayer(state, spec); })
    .concat((scene.strokes || []).map(function (spec) { return strokeLayer(state, spec); }));
  if (scene.views.length) { paint(state, 0); }
  drawLakes(state);
  drawNationalBorders(state);
  state.overlays.forEach(function (overlay) { overlay.group.addTo(state.map); overlay.labels.addTo(state.map); });
}

/* the panel beside the map */
function connectPanel(state) {
  panel(state.wrap, function (n) { hideTip(state); paint(state, n); showPressed(state); state.refreshTable(); writeAddress(state); }, function (i, on) {
    var overlay = state.overlays[i];
    [overlay.group, overlay.labels].forEach(function (group) {
      if (on) { group.addTo(state.map); } else { state.map.removeLayer(group); }
    });
    placeLabels(state);
  });
}
/* once the reader has moved the map, it no longer fits itself to its frame */
function watchReader(state) {
  function touch() { state.touched = true; }
  state.host.setAttribute("tabindex", "0");
  state.host.setAttribute("role", "application");
  state.host.setAttribute("aria-roledescription", word(state.host, "map"));
  state.host.setAttribute("aria-label", state.scene.alt);
  describeKeys(state, state.host);
  state.map.on("dragstart dblclick boxzoomstart", touch);
  L.DomEvent.on(state.host, "wheel", touch);
  state.host.addEventListener("touchstart", function (e) { if (e.touches.length > 1) { touch(); } }, { passive: true, capture: true });
  state.host.querySelectorAll(".leaflet-control-zoom a").forEach(function (a) {
    a.addEventListener("click", touch);
    /* the keys + and - of the map do the same: one stop of the tab key is enough */
    a.setAttribute("tabindex", "-1");
    var text = word(a, a.classList.contains("leaflet-control-zoom-in") ? "zoom-in" : "zoom-out");
    a.setAttribute("title", text);
    a.setAttribute("aria-label", text);
  });
  state.map.on("moveend", function () { if (state.fitted) { writeAddress(state); } });
}

function mount(id, scene) {
  var state = opened(id, scene), map = state.map, bar;
  draw(state);
  bar = scaleBar(map, scene.bar);
  serve(state);
  connectReader(state);
  connectPanel(state);
  watchReader(state);
  map.on("zoomend viewreset resize", function () { redraw(state); });
  map.on("moveend", function () { placeLabels(state); });
  function refit() { map.invalidateSize(); fit(state); bar(); redraw(state); }
  refit();
  if (root.ResizeObserver) { new ResizeObserver(refit).observe(state.host); }
  followAddress(state);
  reportHeight(state.wrap);
  state.wrap.classList.add("gi-ready");
  state.wrap.setAttribute("data-gi-ready", "1");
  map.gi = {
    forward: state.world.forward, inverse: state.world.inverse, arrowRing: arrowRing, state: state,
    fitted: function () { return state.fitted; }
  };
  return map;
}

/* A map that cannot be drawn gives way to its static twin. */
function guarded(id, scene) {
  try { return (root.geoinno.maps[id] = mount(id, scene)); } catch (error) {
    document.getElementById(id).closest(".gi-sheet").classList.remove("gi-live");
    root.console.error(error);
    return null;
  }
}
/* Maps side by side move together: whichever the reader moves leads. Large ones stand in frames, and say it. */
function linkFrames(frames) {
  root.addEventListener("message", function (e) {
    if (!e.data || e.data.geoinno !== "moved" || !frames.some(function (frame) { return frame.contentWindow === e.source; })) { return; }
    frames.forEach(function (frame) {
      if (frame.contentWindow !== e.source) { frame.contentWindow.postMessage(Object.assign({}, e.data, { geoinno: "go" }), "*"); }
    });
  });
}
function link(ids) {
  var row = document.currentScript && document.currentScript.previousElementSibling;
  if (row) { linkFrames(Array.prototype.slice.call(row.querySelectorAll("iframe"))); }
  var maps = ids.map(function (id) { return root.geoinno.maps[id]; }).filter(Boolean), leading = false, moved;
  function lead(map) {
    if (leading) { return; }
    leading = true;
    maps.forEach(function (other) {
      if (other === map) { return; }
      /* the end of a zoom that is under way would undo this one */
      if (other._animatingZoom) { other._onZoomTransitionEnd(); }
      other.gi.state.touched = map.gi.state.touched;
      other.setView(map.getCenter(), map.getZoom(), { animate: false });
    });
    leading = false;
  }
  maps.forEach(function (map) { map.on("move", function () { lead(map); }); });
  moved = maps.filter(function (map) { return map.gi.state.touched; })[0];
  if (moved) { lead(moved); }
}
root.geoinno = {
  mount: guarded, link: link, maps: {},
  parts: {
    projections: projections, decode: decode, legsOf: legsOf, inOrder: inOrder, greatCircle: greatCircle, element: element, measure: measure, word: word, grouped: grouped, hatchTile: hatchTile, patterns: patterns, settle: settle,
    panel: panel, showLegend: showLegend, resizeLegend: resizeLegend, reportHeight: reportHeight, showTip: showTip, hideTip: hideTip,
    spoken: spoken, announce: announce, connectReader: connectReader, showPressed: showPressed, writeAddress: writeAddress, followAddress: followAddress, reveal: reveal, describeKeys: describeKeys
  }
};

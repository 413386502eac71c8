/* One large map on the page. `state` holds what its parts share: the scene, the elements on the page,
   the map, which parts of the sheet are visible, and whether the reader has moved the map. */
function opened(id, scene) {
  var host = document.getElementById(id), f = scene.frame, factor = finer(scene, host.clientWidth || 950), plane = scene.crs.globe ? makeGlobe(scene.crs) : makePlane(f), drawn = drawing(scene, plane);
  var map = new root.maplibregl.Map({
    container: host, cooperativeGestures: true, center: plane.place((f[0] + f[2]) / 2, (f[1] + f[3]) / 2), zoom: drawn.zoom, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, renderWorldCopies: false, fadeDuration: 0,
    maxZoom: drawn.zoom + 7, minZoom: drawn.zoom - 2,
    style: { version: 8, sources: {}, layers: [], projection: { type: plane.isGlobe ? "globe" : "mercator" } }
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disable();
  map.addControl(new root.maplibregl.NavigationControl({ showCompass: false }), "top-left");
  host.classList.toggle("gi-globe", Boolean(plane.isGlobe));
  [["role", "application"], ["aria-roledescription", P.word(host, "map")], ["aria-label", scene.alt]].forEach(function (pair) {
    map.getCanvas().setAttribute(pair[0], pair[1]);
  });
  host.appendChild(P.patterns(id, scene));
  host.querySelectorAll("button").forEach(function (button) { button.setAttribute("tabindex", "-1"); });
  [["in", "zoom-in"], ["out", "zoom-out"]].forEach(function (way) {
    var button = host.querySelector(".maplibregl-ctrl-zoom-" + way[0]), text = P.word(host, way[1]);
    button.setAttribute("title", text);
    button.setAttribute("aria-label", text);
  });
  return {
    scene: scene, host: host, factor: factor, wrap: host.closest(".gi-sheet"), plane: plane, drawn: drawn, map: map,
    globe: P.projections[scene.crs.type](scene.crs), bar: host.appendChild(P.element("div", "gi-scale gi-afloat gi-at-" + scene.bar)),
    current: 0, touched: false, visible: {}, parts: {}, tip: null, labels: [], corners: [], notes: []
  };
}
/* on a small screen arrows, nodes and borders are finer, as Leaflet draws them; what share of their size they have */
function finer(scene, width) {
  var factor = Math.max(0.55, Math.min(1, Math.sqrt(width / 950)));
  scene.flows.forEach(function (spec) {
    spec.nodes.forEach(function (node) { node.r *= factor; });
    spec.arrows.forEach(function (arrow) { ["w", "start", "end"].forEach(function (part) { arrow[part] *= factor; }); });
  });
  scene.strokes.forEach(function (spec) { spec.w = spec.w.map(function (w) { return w * factor; }); });
  return factor;
}
function fit(state) {
  var w = state.host.clientWidth, h = state.host.clientHeight, f = state.scene.frame;
  if (state.touched || !w || !h) { return; }
  if (state.plane.isGlobe) {
    state.map.jumpTo({ center: [state.scene.crs.lon0, 15], zoom: Math.log(1.1 * Math.min(w, h) * Math.PI / TILE) / Math.LN2 });
    return;
  }
  state.map.jumpTo({
    center: state.plane.place((f[0] + f[2]) / 2, (f[1] + f[3]) / 2),
    zoom: state.plane.zoom(Math.min(w / (f[2] - f[0]), h / (f[3] - f[1])))
  });
}
function measureBar(state) {
  var w = state.host.clientWidth, y = state.host.clientHeight / 2;
  if (!w || !y) { return; }
  function degrees(x) {
    var m = state.plane.metres(state.map.unproject([x, y])), p = state.globe.inverse(m[0], m[1]);
    return { lng: p[0], lat: p[1] };
  }
  P.measure(state.bar, P.greatCircle(degrees(w / 2 - 50), degrees(w / 2 + 50)) / 100, w);
}

/* parts of the sheet, on and off */
function show(state, part, on) {
  state.visible[part] = on;
  state.drawn.layers.forEach(function (layer) {
    if (layer.metadata.part === part && state.map.getLayer(layer.id)) {
      state.map.setLayoutProperty(layer.id, "visibility", on ? "visible" : "none");
    }
  });
}
function paint(state, n) {
  state.current = n;
  state.scene.views.forEach(function (view, i) { show(state, "view" + i, i === n); });
  P.showLegend(state.wrap, n);
  state.unmark();
  P.hideTip(state);
}
function lay(state, layer, before) {
  var hidden = state.visible[layer.metadata.part] === false;
  state.parts[layer.id] = layer.metadata.part;
  state.map.addLayer(Object.assign({}, layer, {
    layout: Object.assign({}, layer.layout, { visibility: hidden ? "none" : "visible" })
  }), before);
}
/* the weaker arrows are drawn only when the reader comes near enough to tell them apart */
function grow(state) {
  var drawn = state.drawn, near = state.map.getZoom() - drawn.zoom;
  drawn.levels = drawn.levels.filter(function (level) {
    if (near < level.near && level.near) { return true; }
    var added = level.grow();
    addSources(state.map, added.sources);
    added.layers.forEach(function (layer) {
      layer.minzoom = level.near ? drawn.zoom + level.near : 0;
      drawn.layers.push(layer);
      lay(state, layer, level.before || (layer.source.replace(/-0(-head)?$/, "") + "-node"));
    });
    return false;
  });
}
function addSources(map, sources) {
  Object.keys(sources).forEach(function (name) { map.addSource(name, sources[name]); });
}

/* names beside their nodes, and at the corners of insets */
function addLabels(state) {
  state.scene.insets.labels.forEach(function (label) {
    var box = state.host.appendChild(P.element("div", "gi-inset-label gi-afloat", label.text));
    state.corners.push({ box: box, right: label.right, foot: label.foot, place: state.plane.place(label.x, label.y), end: state.plane.place(label.x + label.w, label.y - label.h) });
  });
  state.scene.flows.forEach(function (spec, i) {
    spec.labels.forEach(function (label) {
      var box = state.host.appendChild(P.element("div", "gi-label gi-afloat"));
      var text = box.appendChild(P.element("span", "", label.text));
      state.labels.push({ box: box, text: text, part: "over" + i, node: spec.nodes[label.node] });
    });
    state.notes.push(state.wrap.querySelector(".gi-side").appendChild(P.element("p", "gi-note gi-depth")));
  });
}
function put(box, p) { box.style.transform = "translate(" + p.x + "px," + p.y + "px)"; }
/* the frame of an inset on the screen, and what of it its label covers */
function insetBox(corner) {
  var p = this.map.project(corner.place), q = this.map.project(corner.end), x = corner.right ? q.x - corner.box.offsetWidth : p.x;
  var y = corner.foot ? q.y - corner.box.offsetHeight : p.y;
  return { box: [p.x, p.y, q.x, q.y], label: [x, y, x + corner.box.offsetWidth, y + corner.box.offsetHeight] };
}
function placeLabels(state) {
  var taken = [], waiting = [], insets = state.corners.map(insetBox, state);
  state.corners.forEach(function (corner, i) { put(corner.box, { x: insets[i].label[0], y: insets[i].label[1] }); });
  state.labels.forEach(function (label) {
    var on = state.visible[label.part] !== false, r = label.node.r;
    var p = state.map.project(state.plane.place(label.node.x, label.node.y));
    on = on && faces(state, state.plane.place(label.node.x, label.node.y));
    label.box.hidden = !on;
    if (!on) { return; }
    put(label.box, p);
    waiting.push([label.text, taken.push([p.x - r, p.y - r, p.x + r, p.y + r]) - 1]);
  });
  P.settle(waiting, { taken: taken, size: { x: state.host.clientWidth, y: state.host.clientHeight }, insets: insets });
}
/* how many arrows there are at this zoom */
function count(state) {
  var near = state.map.getZoom() - state.drawn.zoom;
  var words = P.word(state.host, "zoomed");
  state.scene.flows.forEach(function (spec, i) {
    var all = spec.arrows.length, most = depths(spec).filter(function (n, k) { return !k || near >= k; }).pop();
    state.notes[i].textContent = most < all ? words.replace("{drawn}", P.grouped(most)).replace("{every}", P.grouped(all)) : "";
  });
}

/* Flows, points and stretches of border above the regions on Leaflet. */
function hitOf(event) { return event.layer || event.propagatedFrom; }
/* what the pointer is on is marked until it leaves, or until a finger taps elsewhere, of which not every browser tells it */
function markWhileUnder(state, group, paintHit) {
  group.on("mouseover", function (e) {
    var hit = hitOf(e);
    unmark(state);
    paintHit(hit, true);
    state.restore = function () { paintHit(hit, false); };
  });
  group.on("mouseout", function () { unmark(state); });
}

/* stretches of border: white casing, line, and a wider invisible one that answers the pointer */
function strokeLayer(state, spec) {
  var pane = { renderer: L.svg({ pane: "gi-borders", padding: 0.6 }), pane: "gi-borders", smoothFactor: 0.2, lineJoin: "round" };
  var casings = L.layerGroup(), group = L.featureGroup(), lines = [], rims = [];
  var order = spec.w.map(function (w, i) { return i; }).sort(function (a, b) { return spec.w[a] - spec.w[b] || a - b; });
  var shapes = shapesOf(state, spec.lines).map(function (parts) {
    return parts.map(function (rings) { return rings[0]; });
  });
  function line(i, options) { return L.polyline(shapes[i], L.extend({}, pane, options)); }
  order.forEach(function (i) {
    rims[i] = line(i, { interactive: false, color: "#ffffff", weight: spec.w[i] + 1.8 });
    casings.addLayer(rims[i]);
  });
  order.forEach(function (i) {
    lines[i] = line(i, { interactive: false, color: spec.fill[i], weight: spec.w[i], className: "gi-stroke" });
    casings.addLayer(lines[i]);
  });
  order.forEach(function (i) {
    var hit = line(i, { color: "#000", weight: Math.max(8, spec.w[i] + 5), opacity: 0, className: "gi-hit" });
    hit.index = i;
    group.addLayer(hit);
  });
  /* on a small screen lines are finer, as arrows and nodes are smaller */
  function widen(factor) {
    lines.forEach(function (own, i) {
      own.setStyle({ weight: spec.w[i] * factor });
      rims[i].setStyle({ weight: (spec.w[i] + 1.8) * factor });
    });
  }
  function paintLine(i, on) { lines[i].setStyle({ color: on ? state.scene.colours.hover : spec.fill[i] }); }
  markWhileUnder(state, group, function (hit, on) { paintLine(hit.index, on); });
  answerPointer(state, group, function (hit) { return [spec.tips.labels, spec.tips.rows[hit.index]]; });
  return {
    spec: spec, arrows: [], nodes: L.layerGroup(), group: L.layerGroup([casings, group]), labels: L.layerGroup(), paint: paintLine, widen: widen
  };
}

function flowLayer(state, spec) {
  var places = spec.nodes.map(function (n) { return state.world.place(n.x, n.y); });
  var arrows = spec.arrows.map(arrowOf(state, spec, L.svg({ pane: "gi-flows", padding: 0.6 })));
  var nodes = nodeLayer(state, spec, { places: places, arrows: arrows });
  return {
    spec: spec, places: places, arrows: arrows, nodes: nodes, labels: labelLayer(spec, places),
    paint: function (i, on) { paintArrow(state, arrows[i], on); },
    group: L.layerGroup([arrowLayer(state, spec, arrows), nodes])
  };
}
/* an arrow, and a wider invisible line along its middle that answers the pointer; redraw() gives both their shape */
function arrowOf(state, spec, renderer) {
  function placed(leg) { return L.extend(leg, { a: state.world.place(leg.from[0], leg.from[1]), b: state.world.place(leg.to[0], leg.to[1]) }); }
  return function (arrow, i) {
    var shape = L.polygon([], {
      renderer: renderer, pane: "gi-flows", color: "#ffffff", weight: Math.min(1.2, 0.25 * arrow.w),
      fillColor: arrow.fill, fillOpacity: 1, smoothFactor: 0, className: "gi-flow", interactive: false
    });
    var hit = L.polyline([], {
      renderer: renderer, pane: "gi-flows", color: "#000", weight: Math.max(12, arrow.w + 4), opacity: 0, smoothFactor: 0, className: "gi-hit"
    });
    hit.index = i; hit.shape = shape;
    return { spec: arrow, legs: legsOf(spec, arrow).map(placed), shape: shape, hit: hit };
  };
}
function arrowLayer(state, spec, arrows) {
  var group = L.featureGroup();
  arrows.forEach(function (arrow) { group.addLayer(arrow.shape); });
  arrows.forEach(function (arrow) { group.addLayer(arrow.hit); });
  markWhileUnder(state, group, function (hit, on) { if (hit.shape) { paintArrow(state, arrows[hit.index], on); } });
  answerPointer(state, group, function (hit) { return [spec.tips.labels, spec.tips.rows[hit.index]]; });
  return group;
}
function paintArrow(state, arrow, on) {
  arrow.shape.setStyle({ fillColor: on ? state.scene.colours.hover : arrow.spec.fill });
  if (on) { arrow.shape.bringToFront(); }
}
/* the arrows of one place alone, or all of them */
function onlyFlowsOf(arrows, node) {
  arrows.forEach(function (arrow) {
    var on = node === null || arrow.spec.from === node || arrow.spec.to === node;
    arrow.shape.setStyle({ fillOpacity: on ? 1 : 0.07, opacity: on ? 1 : 0 });
  });
}
function nodeLayer(state, spec, drawn) {
  var group = L.featureGroup();
  spec.nodes.forEach(function (node, i) {
    if (!node.r) { return; }
    var circle = L.circleMarker(drawn.places[i], {
      pane: "gi-nodes", radius: node.r, color: state.scene.colours.text, weight: 1.4, fillColor: node.fill, fillOpacity: 1, className: "gi-node"
    });
    circle.index = i;
    group.addLayer(circle);
  });
  answerPointer(state, group, function (circle) { return [spec.nodeTips.labels, spec.nodeTips.rows[circle.index]]; });
  markWhileUnder(state, group, function (circle, on) { onlyFlowsOf(drawn.arrows, on ? circle.index : null); });
  return group;
}
function labelLayer(spec, places) {
  var group = L.layerGroup();
  spec.labels.forEach(function (label) {
    var icon = L.divIcon({ className: "gi-label", html: element("span", "", label.text), iconSize: null, iconAnchor: [0, 0] });
    var marker = L.marker(places[label.node], { icon: icon, pane: "gi-nodes", interactive: false, keyboard: false });
    marker.node = label.node;
    group.addLayer(marker);
  });
  return group;
}

/* names go where neither controls nor circles nor stronger names are, and hide arrows where there is no other room */
function placeLabels(state) {
  var map = state.map, visible = state.overlays.filter(function (o) { return map.hasLayer(o.labels); }), taken = controlBoxes(state.host);
  function circle(overlay, i) {
    var p = map.latLngToContainerPoint(overlay.places[i]), r = overlay.spec.nodes[i].r * state.factor;
    return [p.x - r, p.y - r, p.x + r, p.y + r];
  }
  var waiting = [], spared = [];
  visible.forEach(function (overlay) {
    overlay.own = (overlay.spec.nodes || []).map(function (n, i) { return taken.push(circle(overlay, i)) - 1; });
    overlay.arrows.forEach(function (arrow) { spared = spared.concat((arrow.way || []).map(map.layerPointToContainerPoint, map)); });
  });
  visible.forEach(function (overlay) {
    overlay.labels.eachLayer(function (marker) { waiting.push([marker.getElement().firstChild, overlay.own[marker.node]]); });
  });
  settle(waiting, { taken: taken, size: map.getSize(), insets: insetBoxes(state), spared: spared });
}
function controlBoxes(host) {
  var box = host.getBoundingClientRect();
  return Array.prototype.map.call(host.querySelectorAll(".leaflet-control"), function (control) {
    var r = control.getBoundingClientRect();
    return [r.left - box.left, r.top - box.top, r.right - box.left, r.bottom - box.top];
  });
}

/* flows and nodes keep their size on the screen at every zoom */
function redraw(state) {
  var size = state.map.getSize(), before = state.factor;
  if (!size.x) { return; }
  state.factor = Math.max(0.55, Math.min(1, Math.sqrt(size.x / 950)));
  if (state.factor !== before) { state.overlays.forEach(function (overlay) { if (overlay.widen) { overlay.widen(state.factor); } }); }
  settleRings(state);
  settleInsets(state);
  state.overlays.forEach(function (overlay) {
    overlay.arrows.forEach(function (arrow) { reshape(state, arrow); });
    overlay.nodes.eachLayer(function (circle) { circle.setRadius(overlay.spec.nodes[circle.index].r * state.factor); });
  });
  placeLabels(state);
  resizeLegend(state.wrap, state.factor);
}
function reshape(state, arrow) {
  var map = state.map, factor = state.factor, parts;
  function back(p) { return map.layerPointToLatLng(p); }
  parts = arrow.legs.map(function (leg) {
    var a = map.latLngToLayerPoint(leg.a), b = map.latLngToLayerPoint(leg.b);
    return arrowRing([a.x, a.y], [b.x, b.y], leg.k, arrow.spec.w * factor, leg.start * factor, leg.end * factor, leg);
  }).filter(Boolean);
  arrow.shape.setLatLngs(parts.map(function (part) { return [part.ring.map(back)]; }));
  arrow.hit.setLatLngs(parts.map(function (part) { return part.mid.map(back); }));
  arrow.way = [].concat.apply([], parts.map(function (part) { return part.mid; })).map(function (p) { return L.point(p); });
}

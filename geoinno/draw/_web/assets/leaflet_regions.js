/* Ground and regions on Leaflet. `state` is one map on the page: see leaflet_map.js. */
function shapesOf(state, text) { return decode(text, state.scene, state.world.place); }
function linesOf(state, text) { return shapesOf(state, text).map(lineOf); }
function drawLines(state, text, options) {
  if (text) { L.polyline(linesOf(state, text), L.extend({ interactive: false }, options)).addTo(state.map); }
}
function drawGround(state) {
  var scene = state.scene, ground = scene.ground, pane = { renderer: L.svg({ pane: "gi-land", padding: 0.6 }), pane: "gi-land" };
  if (scene.tiles) { L.tileLayer(scene.tiles, { maxNativeZoom: 19, minZoom: 0, maxZoom: 30 }).addTo(state.map); }
  if (ground.land && !scene.tiles) {
    L.polygon(shapesOf(state, ground.land)[0] || [], L.extend({
      interactive: false, color: scene.colours.coast, weight: 0.8, fillColor: scene.colours.land, fillOpacity: 1, smoothFactor: 0,
      className: "gi-land"
    }, pane)).addTo(state.map);
    drawLines(state, ground.borders, L.extend({ color: scene.colours.foreignBorder, weight: 0.8, smoothFactor: 0.3 }, pane));
  }
  drawLines(state, scene.edges, L.extend({ color: scene.colours.coast, weight: 0.8, smoothFactor: 0.3, className: "gi-edge" }, pane));
  drawLines(state, ground.graticule, L.extend({
    color: scene.colours.graticule, weight: 0.7, smoothFactor: 0.3, className: "gi-graticule"
  }, pane));
  drawInsets(state, pane);
}
/* frames of far places, over the land of the main map */
function drawInsets(state, pane) {
  var insets = state.scene.insets, colours = state.scene.colours;
  function areas(text, style) {
    shapesOf(state, text).forEach(function (parts) {
      L.polygon(parts, L.extend({ interactive: false, fillOpacity: 1, smoothFactor: 0 }, style, pane)).addTo(state.map);
    });
  }
  areas(insets.boxes, { color: colours.frame, weight: 1, fillColor: colours.sea, className: "gi-inset" });
  areas(insets.land, { color: colours.coast, weight: 0.8, fillColor: colours.land, className: "gi-land" });
  insets.labels.forEach(function (label) {
    var icon = L.divIcon({ className: "gi-inset-label" + (label.right ? " gi-right" : ""), html: element("span", "", label.text), iconSize: null, iconAnchor: [0, 0] });
    var marker = L.marker(state.world.place(label.x, label.y), { icon: icon, pane: "gi-nodes", interactive: false, keyboard: false });
    state.insetLabels.push({ marker: marker.addTo(state.map), width: label.w, height: label.h, foot: label.foot });
  });
}
/* the words of an inset stay in its frame, and in a small one its name alone, above what it shows */
function settleInsets(state) {
  var scale = state.world.crs.scale(state.map.getZoom());
  state.insetLabels.forEach(function (label) {
    var words = label.marker.getElement();
    words.style.width = Math.floor(label.width * scale - 2) + "px";
    words.classList.toggle("gi-brief", label.height * scale < 84);
    words.style.marginTop = dropOf(label, scale) + "px";
  });
}
/* how far below the top of its frame a label stands */
function dropOf(label, scale) {
  return label.foot ? Math.max(0, Math.floor(label.height * scale - label.marker.getElement().offsetHeight)) : 0;
}
/* the frames of insets on the screen, and what of each its label covers */
function insetBoxes(state) {
  var scale = state.world.crs.scale(state.map.getZoom());
  return state.insetLabels.map(function (label) {
    var p = state.map.latLngToContainerPoint(label.marker.getLatLng()), words = label.marker.getElement().firstChild, y = p.y + dropOf(label, scale);
    return { box: [p.x, p.y, p.x + label.width * scale, p.y + label.height * scale], label: [p.x, y, p.x + words.offsetWidth, y + words.offsetHeight] };
  });
}
/* lakes lie over the regions, whose outlines run through them as borders do */
function drawLakes(state) {
  var pane = { renderer: L.svg({ pane: "gi-lakes", padding: 0.6 }), pane: "gi-lakes" };
  if (!state.scene.ground.lakes || state.scene.tiles) { return; }
  shapesOf(state, state.scene.ground.lakes).forEach(function (parts) {
    L.polygon(parts, L.extend({
      interactive: false, color: state.scene.colours.coast, weight: 0.5, fillColor: state.scene.colours.sea, fillOpacity: 1,
      smoothFactor: 0.3, className: "gi-lake"
    }, pane)).addTo(state.map);
  });
}
function drawNationalBorders(state) {
  var pane = { renderer: L.svg({ pane: "gi-borders", padding: 0.6 }), pane: "gi-borders", smoothFactor: 0.2 };
  /* white on both sides: between two dark regions a dark line alone would be lost */
  drawLines(state, state.scene.borders, L.extend({ color: "#ffffff", weight: 2.9 }, pane));
  drawLines(state, state.scene.borders, L.extend({ color: state.scene.colours.nationalBorder, weight: 1.3 }, pane));
}

/* lines are as wide as the regions are large, a digit each in tenths of a pixel */
function lineWidth(set, i) { return (set.lines.charCodeAt(i) - 48) / 10; }
function keyOf(state, i) { return state.view.keys[state.view.codes.charCodeAt(i) - 48]; }
function isDotted(view, i) { return view.dotted.charAt(i) === "1"; }

/* one set of regions, which several views may fill; many are drawn on canvas */
function regionSet(state, set) {
  var many = set.n > 2000, tile = many ? hatchTile(state.scene) : null;
  var renderer = many ? L.canvas({ pane: "gi-regions", padding: 0.4 }) : L.svg({ pane: "gi-regions", padding: 0.6 });
  var shapes = shapesOf(state, set.rings).map(function (parts, i) {
    var region = L.polygon(parts, {
      renderer: renderer, pane: "gi-regions", color: "#fff", weight: lineWidth(set, i),
      fillOpacity: 1, smoothFactor: many ? 0.8 : 0.2, lineJoin: "round", className: "gi-region"
    });
    region.index = i;
    return region;
  });
  var group = L.featureGroup(inOrder(shapes, set.stack)), rings = ringsOf(state, set);
  rings.forEach(function (ring) { group.addLayer(ring); });
  answerPointer(state, group, function (region) { return [state.view.tips.labels, state.view.tips.rows[region.index]]; });
  var made = { shapes: shapes, rings: rings, group: group, spec: set, raise: !many && !set.stack.length, dots: null };
  made.hatch = many ? tile.createPattern(tile.canvas, "repeat") : "url(#" + state.id + "-hatch)";
  markUnderPointer(state, made);
  return made;
}
/* a ring for each region too small to be seen: it has the colour of the region, and answers for it */
function ringsOf(state, set) {
  return set.spots.map(function (spot) {
    var ring = L.circleMarker(state.world.place(spot[1], spot[2]), {
      pane: "gi-rings", radius: state.scene.ring, color: state.scene.colours.text, weight: 1.6, fillOpacity: 1, className: "gi-ring"
    });
    ring.index = spot[0]; ring.side = spot[3]; ring.isRing = true;
    return ring;
  });
}
/* a ring gives way once its region is as large as itself */
function settleRings(state) {
  var set = state.view && state.sets[state.view.set], scale = state.world.crs.scale(state.map.getZoom());
  if (!set) { return; }
  set.rings.forEach(function (ring) {
    var wanted = ring.side * scale < 2.4 * state.scene.ring * state.factor;
    ring.setRadius(state.scene.ring * state.factor);
    if (wanted !== set.group.hasLayer(ring)) { set.group[wanted ? "addLayer" : "removeLayer"](ring); }
  });
}
/* the words of what the pointer is on, or what a finger touches */
function answerPointer(state, group, words) {
  group.on("mousemove mouseover click", function (e) {
    var said = words(e.layer || e.propagatedFrom);
    showTip(state, said[0], said[1] || [], e.containerPoint || state.map.mouseEventToContainerPoint(e.originalEvent));
  });
  group.on("mouseout", function () { hideTip(state); });
}
function markUnderPointer(state, set) {
  set.group.on("mouseover", function (e) { mark(state, set, e.layer || e.propagatedFrom, 1.6); });
  set.group.on("mouseout", function () { unmark(state); });
}
function mark(state, set, region, weight) {
  unmark(state);
  state.marked = { region: region, spec: set.spec };
  region.setStyle({ color: state.scene.colours.text, weight: region.isRing ? 3 : weight });
  if (set.raise && !region.isRing) { region.bringToFront(); }
}
function unmark(state) {
  var marked = state.marked, region = marked && marked.region;
  if (state.restore) { state.restore(); state.restore = null; }
  if (!marked) { return; }
  region.setStyle(region.isRing ? { color: keyOf(state, region.index).ring, weight: 1.6 } :
    { color: keyOf(state, region.index).line, weight: lineWidth(marked.spec, region.index) });
  state.marked = null;
}
/* classes that are not chosen step back */
function emphasise(state, codes) {
  var view = state.view, set = view && state.sets[view.set];
  if (!set) { return; }
  set.shapes.concat(set.rings).forEach(function (region) {
    var on = !codes || codes.indexOf(view.codes.charCodeAt(region.index) - 48) >= 0;
    region.setStyle({ fillOpacity: on ? 1 : 0.12, opacity: on || !region.isRing ? 1 : 0.2 });
  });
}

/* fill the regions by the classes of one view */
function paint(state, n) {
  var view = state.scene.views[n], set = state.sets[view.set];
  state.sets.forEach(function (other) { if (other !== set) { state.map.removeLayer(other.group); } });
  state.view = view;
  state.current = n;
  set.group.addTo(state.map);
  set.shapes.forEach(function (region, i) {
    var key = keyOf(state, i);
    region.setStyle({
      fillColor: key.pattern === "hatch" ? set.hatch : key.fill, color: key.line, weight: lineWidth(set.spec, i), fillOpacity: 1
    });
  });
  set.rings.forEach(function (ring) {
    var key = keyOf(state, ring.index), hatch = "url(#" + state.id + "-hatch)";
    ring.setStyle({ fillColor: key.pattern === "hatch" ? hatch : key.fill, color: key.ring, fillOpacity: 1, opacity: 1 });
  });
  settleRings(state);
  if (set.dots) { state.map.removeLayer(set.dots); set.dots = null; }
  if (view.dotted) { set.dots = dotted(state, set).addTo(state.map); }
  showLegend(state.wrap, n);
}
function dotted(state, set) {
  var uncertain = set.shapes.filter(function (region) { return isDotted(state.view, region.index); });
  return L.featureGroup(uncertain.map(function (region) {
    return L.polygon(region.getLatLngs(), {
      pane: "gi-borders", interactive: false, stroke: false, fillOpacity: 1, smoothFactor: 0.2,
      fillColor: "url(#" + state.id + "-" + keyOf(state, region.index).dots + ")"
    });
  }));
}

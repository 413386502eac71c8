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
      interactive: false, color: scene.colours.coast, weight: 0.8, fillColor: scene.colours.land, fillOpacity: 1, smoothFactor: 0
    }, pane)).addTo(state.map);
    drawLines(state, ground.borders, L.extend({ color: scene.colours.foreignBorder, weight: 0.8, smoothFactor: 0.3 }, pane));
  }
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
  areas(insets.land, { color: colours.coast, weight: 0.8, fillColor: colours.land });
  insets.labels.forEach(function (label) {
    var icon = L.divIcon({ className: "gi-inset-label", html: element("span", "", label.text), iconSize: null, iconAnchor: [0, 0] });
    L.marker(state.world.place(label.x, label.y), { icon: icon, pane: "gi-nodes", interactive: false, keyboard: false }).addTo(state.map);
  });
}
function drawNationalBorders(state) {
  drawLines(state, state.scene.borders, {
    renderer: L.svg({ pane: "gi-borders", padding: 0.6 }), pane: "gi-borders",
    color: state.scene.colours.nationalBorder, weight: 1.3, smoothFactor: 0.2
  });
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
  var group = L.featureGroup(inOrder(shapes, set.stack));
  markUnderPointer(state, set, { group: group, raise: !many && !set.stack.length });
  group.bindTooltip(function (region) {
    return tip(state.view.tips.labels, state.view.tips.rows[region.index]);
  }, { sticky: true, offset: [12, 0], className: "gi-tip", opacity: 1 });
  return { shapes: shapes, group: group, hatch: many ? tile.createPattern(tile.canvas, "repeat") : "url(#" + state.id + "-hatch)", dots: null };
}
function markUnderPointer(state, set, options) {
  var marked = null;
  function unmark() {
    if (marked) { marked.setStyle({ color: keyOf(state, marked.index).line, weight: lineWidth(set, marked.index) }); }
    marked = null;
  }
  options.group.on("mouseover", function (e) {
    unmark();
    marked = e.layer || e.propagatedFrom;
    marked.setStyle({ color: state.scene.colours.text, weight: 1.6 });
    if (options.raise) { marked.bringToFront(); }
  });
  options.group.on("mouseout", unmark);
}

/* fill the regions by the classes of one view */
function paint(state, n) {
  var view = state.scene.views[n], set = state.sets[view.set];
  state.sets.forEach(function (other) { if (other !== set) { state.map.removeLayer(other.group); } });
  state.view = view;
  set.group.addTo(state.map);
  set.shapes.forEach(function (region, i) {
    var key = keyOf(state, i);
    region.setStyle({
      fillColor: key.pattern === "hatch" ? set.hatch : key.fill, color: key.line, weight: lineWidth(state.scene.sets[view.set], i)
    });
  });
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

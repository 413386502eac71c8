/* beyond so many regions lines wait for a closer look */
var LINELESS = 2000;
/* what is darker in the dark, as in sheet.css */
var NIGHT = { sea: "#1c2329", land: "#3a3d3f", shore: "#565b5e", net: "#47525a", text: "#b5b5b5" };
function recolour(state, dark) {
  var colours = state.scene.colours, sea = dark ? NIGHT.sea : colours.sea, land = dark ? NIGHT.land : colours.land;
  function set(id, property, value) { if (state.map.getLayer(id)) { state.map.setPaintProperty(id, property, value); } }
  function shore(light) { return dark ? NIGHT.shore : light; }
  set("sea", "background-color", sea);
  [["land", land], ["inset-land", land], ["lakes", sea], ["inset-boxes", sea]].forEach(function (pair) { set(pair[0], "fill-color", pair[1]); });
  [["coast", colours.coast], ["edges", colours.coast], ["shores", colours.coast], ["inset-land-line", colours.coast], ["inset-boxes-line", colours.frame]].forEach(function (pair) {
    set(pair[0], "line-color", shore(pair[1]));
  });
  set("graticule", "line-color", dark ? NIGHT.net : colours.graticule);
  state.scene.flows.forEach(function (spec, i) { set("flow" + i + "-node", "circle-stroke-color", dark ? NIGHT.text : colours.text); });
}
/* Layers of a large map, in the order in which they lie. Each knows the part of the sheet that it
   belongs to, so that views and overlays can be switched. `drawing` collects sources and layers. */
function drawing(scene, plane) {
  var d = {
    scene: scene, plane: plane, zoom: plane.zoom(1 / scene.unit),
    sources: {}, layers: [], shapes: [], tips: {}, pictures: {}, levels: []
  };
  addGround(d);
  scene.sets.forEach(function (set, s) { addRegions(d, set, s); });
  d.sources.marked = source([]);
  d.sources["marked-line"] = source([]);
  addLakes(d);
  add(d, "", "marked", "line", "marked", { "line-color": scene.colours.text, "line-width": 1.8 });
  d.sources.borders = source([joinedLines(d, scene.borders)]);
  add(d, "", "borders-casing", "line", "borders", { "line-color": "#ffffff", "line-width": 2.9 });
  add(d, "", "borders", "line", "borders", { "line-color": scene.colours.nationalBorder, "line-width": 1.3 });
  scene.strokes.forEach(function (spec, i) { addStrokes(d, spec, i); });
  scene.flows.forEach(function (spec, i) { addFlows(d, spec, i); });
  add(d, "", "marked-line", "line", "marked-line", { "line-color": scene.colours.hover, "line-width": ["get", "w"] });
  return d;
}
function layerOf(part, id, type, from, style, more) {
  return Object.assign({ id: id, type: type, source: from, paint: style, metadata: { part: part } }, more || {});
}
function add(d, part, id, type, from, style, more) { d.layers.push(layerOf(part, id, type, from, style, more)); }
function linesOf(d, text) {
  return P.decode(text, d.scene, d.plane.place).map(function (parts) {
    return parts.map(function (rings) { return rings[0]; });
  });
}
function joinedLines(d, text) { return feature(0, "MultiLineString", [].concat.apply([], linesOf(d, text)), {}); }

function addGround(d) {
  if (d.plane.isGlobe) { d.layers.push({ id: "sea", type: "background", paint: { "background-color": d.scene.colours.sea }, metadata: { part: "" } }); }
  var ground = d.scene.ground, colours = d.scene.colours, land = P.decode(ground.land, d.scene, d.plane.place)[0] || [];
  d.sources.land = source([feature(0, "MultiPolygon", land, {})]);
  d.sources.around = source([joinedLines(d, ground.borders)]);
  add(d, "", "land", "fill", "land", { "fill-color": colours.land });
  add(d, "", "coast", "line", "land", { "line-color": colours.coast, "line-width": 0.8 });
  d.sources.graticule = source([joinedLines(d, ground.graticule)]);
  add(d, "", "graticule", "line", "graticule", { "line-color": colours.graticule, "line-width": 0.7 });
  add(d, "", "around", "line", "around", { "line-color": colours.foreignBorder, "line-width": 0.8 });
  d.sources.edges = source([joinedLines(d, d.scene.edges)]);
  add(d, "", "edges", "line", "edges", { "line-color": colours.coast, "line-width": 0.8 });
  [["boxes", colours.sea, colours.frame], ["land", colours.land, colours.coast]].forEach(function (part) {
    var name = "inset-" + part[0], shapes = P.decode(d.scene.insets[part[0]], d.scene, d.plane.place);
    d.sources[name] = source(shapes.map(function (parts, i) { return feature(i, "MultiPolygon", parts, {}); }));
    add(d, "", name, "fill", name, { "fill-color": part[1] });
    add(d, "", name + "-line", "line", name, { "line-color": part[2], "line-width": 1 });
  });
}

function addLakes(d) {
  d.sources.lakes = source(P.decode(d.scene.ground.lakes, d.scene, d.plane.place).map(function (parts, i) {
    return feature(i, "MultiPolygon", parts, {});
  }));
  add(d, "", "lakes", "fill", "lakes", { "fill-color": d.scene.colours.sea });
  add(d, "", "shores", "line", "lakes", { "line-color": d.scene.colours.coast, "line-width": 0.5 });
}
/* a ring for each region too small to be seen, until the reader comes near */
function addRings(d, n, s) {
  var view = d.scene.views[n], name = "ring" + n;
  d.sources[name] = source(d.scene.sets[s].spots.map(function (spot) {
    return feature(spot[0], "Point", d.plane.place(spot[1], spot[2]), { ["c" + n]: view.codes.charCodeAt(spot[0]) - 48 });
  }));
  add(d, "view" + n, name, "circle", name, {
    "circle-radius": d.scene.ring, "circle-color": byCode("c" + n, view.keys, function (k) { return k.pattern === "hatch" ? d.scene.colours.hatch : k.fill; }),
    "circle-stroke-color": byCode("c" + n, view.keys, function (k) { return k.ring; }), "circle-stroke-width": 1.6
  }, { maxzoom: d.zoom + 3 });
  d.tips[name] = view.tips;
}

/* a set of regions, with the class that each view gives it and the width of its line */
function addRegions(d, set, s) {
  var views = d.scene.views, own = views.map(function (view, n) { return n; }).filter(function (n) { return views[n].set === s; });
  d.shapes[s] = P.decode(set.rings, d.scene, d.plane.place).map(function (parts, i) {
    var properties = { w: (set.lines.charCodeAt(i) - 48) / 10 };
    own.forEach(function (n) {
      var view = views[n], code = view.codes.charCodeAt(i) - 48;
      properties["c" + n] = code;
      if (view.dotted.charAt(i) === "1") { properties["d" + n] = view.keys[code].dots; }
    });
    return feature(i, "MultiPolygon", parts, properties);
  });
  d.sources["set" + s] = source(P.inOrder(d.shapes[s], set.stack));
  own.forEach(function (n) { addView(d, n, "set" + s, set.n); addRings(d, n, s); });
}
function addView(d, n, from, size) {
  var view = d.scene.views[n], keys = view.keys, code = "c" + n, part = "view" + n;
  add(d, part, "fill" + n, "fill", from, { "fill-color": byCode(code, keys, function (k) { return k.fill; }) });
  keys.forEach(function (key, i) {
    if (key.pattern === "hatch") {
      add(d, part, "hatch" + n + "-" + i, "fill", from, { "fill-pattern": "hatch" }, { filter: ["==", ["get", code], i] });
    }
  });
  /* lines as wide as the regions are large: none where they would drown the colours of many */
  add(d, part, "line" + n, "line", from, {
    "line-color": byCode(code, keys, function (k) { return k.line; }),
    "line-width": ["interpolate", ["exponential", 2], ["zoom"],
      d.zoom, ["get", "w"], d.zoom + 4, ["max", 0.5, ["min", 0.8, ["*", 16, ["get", "w"]]]]]
  }, size > LINELESS ? { minzoom: d.zoom + 1 } : {});
  ["dots", "dots-light"].forEach(function (name) {
    if (view.dotted) {
      add(d, part, name + n, "fill", from, { "fill-pattern": name }, { filter: ["==", ["get", "d" + n], name] });
    }
  });
  d.tips["fill" + n] = view.tips;
}
function addStrokes(d, spec, i) {
  var name = "stroke" + i, part = "over" + (d.scene.flows.length + i);
  var order = { layout: { "line-sort-key": ["get", "w"], "line-cap": "round", "line-join": "round" } };
  d.sources[name] = source(linesOf(d, spec.lines).map(function (parts, j) {
    return feature(j, "MultiLineString", parts, { w: spec.w[j], f: spec.fill[j] });
  }));
  add(d, part, name + "-casing", "line", name, { "line-color": "#ffffff", "line-width": ["+", 1.8, ["get", "w"]] }, order);
  add(d, part, name, "line", name, { "line-color": ["get", "f"], "line-width": ["get", "w"] }, order);
  d.tips[name] = spec.tips;
}

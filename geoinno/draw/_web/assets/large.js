/* Maps too large for Leaflet: the same scene on the graphics card, through MapLibre GL.

   MapLibre knows one projection. The scene is in metres of its own projection, so a square around
   it is laid onto MapLibre's square world: what it takes for Mercator is our plane, undistorted. */
(function (root) {
"use strict";
var G = root.geoinno, P = G.parts, D2R = Math.PI / 180, ROOM = 8, TILE = 512, DEEPEST = 8;

function inflated(text) {
  var bytes = Uint8Array.from(root.atob(text), function (c) { return c.charCodeAt(0); });
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
function makePlane(f) {
  var side = ROOM * Math.max(f[2] - f[0], f[3] - f[1]), left = (f[0] + f[2] - side) / 2, top = (f[1] + f[3] + side) / 2;
  return {
    place: function (x, y) {
      return [(x - left) / side * 360 - 180, Math.atan(Math.sinh(Math.PI * (1 - 2 * (top - y) / side))) / D2R];
    },
    metres: function (p) {
      return [left + (p.lng + 180) / 360 * side, top - (1 - Math.asinh(Math.tan(p.lat * D2R)) / Math.PI) / 2 * side];
    },
    zoom: function (pxPerMetre) { return Math.log(pxPerMetre * side / TILE) / Math.LN2; }
  };
}
function gathered(features) { return { type: "FeatureCollection", features: features }; }
function feature(i, type, coordinates, properties) {
  return { type: "Feature", id: i, properties: properties, geometry: { type: type, coordinates: coordinates } };
}
function source(features) {
  /* the shapes were simplified together; simplified again, one by one, neighbours would part */
  return { type: "geojson", data: gathered(features), tolerance: 0, buffer: 32, maxzoom: DEEPEST };
}
function byCode(name, keys, what) {
  if (keys.length < 2) { return what(keys[0]); }
  var rule = ["match", ["get", name]];
  keys.slice(1).forEach(function (key, i) { rule.push(i + 1, what(key)); });
  return rule.concat([what(keys[0])]);
}
function dotTile(colour, opacity) {
  var c = document.createElement("canvas"), g;
  c.width = c.height = 7; g = c.getContext("2d");
  g.fillStyle = colour; g.globalAlpha = opacity;
  g.beginPath(); g.arc(3.5, 3.5, 1.1, 0, 7); g.fill();
  return g;
}
/* an arrow head that points up, drawn large, to be tinted by the flow's colour */
function headTile(colour) {
  var c = document.createElement("canvas"), g;
  c.width = c.height = 32; g = c.getContext("2d");
  g.fillStyle = colour; g.strokeStyle = "#ffffff"; g.lineWidth = 2;
  g.beginPath(); g.moveTo(16, 2); g.lineTo(29, 30); g.lineTo(3, 30); g.closePath(); g.stroke(); g.fill();
  return g;
}
function pixels(g) { return g.getImageData(0, 0, g.canvas.width, g.canvas.height); }

/* ---- layers, in the order in which they lie: each layer knows the part of the sheet that it belongs to ---- */
function drawing(scene, plane) {
  var zoom = plane.zoom(1 / scene.unit), sources = {}, layers = [], shapes = [], told = {}, pictures = {}, deeper = [];
  function made(part, id, type, from, paint, more) {
    return Object.assign({ id: id, type: type, source: from, paint: paint, metadata: { part: part } }, more || {});
  }
  function add(part, id, type, from, paint, more) { layers.push(made(part, id, type, from, paint, more)); }
  function lines(text) {
    return P.decode(text, scene, plane.place).map(function (parts) {
      return parts.map(function (rings) { return rings[0]; });
    });
  }
  function ground() {
    var land = P.decode(scene.ground.land, scene, plane.place)[0] || [];
    sources.land = source([feature(0, "MultiPolygon", land, {})]);
    sources.around = source([feature(0, "MultiLineString", [].concat.apply([], lines(scene.ground.borders)), {})]);
    add("", "land", "fill", "land", { "fill-color": scene.colours.land });
    add("", "coast", "line", "land", { "line-color": scene.colours.coast, "line-width": 0.8 });
    sources.graticule = source([feature(0, "MultiLineString", [].concat.apply([], lines(scene.ground.graticule)), {})]);
    add("", "graticule", "line", "graticule", { "line-color": scene.colours.graticule, "line-width": 0.7 });
    add("", "around", "line", "around", { "line-color": scene.colours.foreignBorder, "line-width": 0.8 });
  }
  function regions(set, s) {
    var mine = scene.views.map(function (view, n) { return n; }).filter(function (n) { return scene.views[n].set === s; });
    shapes[s] = P.decode(set.rings, scene, plane.place).map(function (parts, i) {
      var told = { w: (set.lines.charCodeAt(i) - 48) / 10 };
      mine.forEach(function (n) {
        var view = scene.views[n], code = view.codes.charCodeAt(i) - 48;
        told["c" + n] = code;
        if (view.dotted.charAt(i) === "1") { told["d" + n] = view.keys[code].dots; }
      });
      return feature(i, "MultiPolygon", parts, told);
    });
    sources["set" + s] = source(shapes[s]);
    mine.forEach(function (n) { oneView(n, "set" + s); });
  }
  function oneView(n, from) {
    var keys = scene.views[n].keys, code = "c" + n, part = "view" + n;
    add(part, "fill" + n, "fill", from, { "fill-color": byCode(code, keys, function (k) { return k.fill; }) });
    keys.forEach(function (key, i) {
      if (key.pattern === "hatch") {
        add(part, "hatch" + n + "-" + i, "fill", from, { "fill-pattern": "hatch" }, { filter: ["==", ["get", code], i] });
      }
    });
    /* lines as wide as the regions are large: none where they would drown the colours */
    add(part, "line" + n, "line", from, {
      "line-color": byCode(code, keys, function (k) { return k.line; }),
      "line-width": ["interpolate", ["exponential", 2], ["zoom"], zoom, ["get", "w"], zoom + 4, ["max", 0.5, ["min", 0.8, ["*", 16, ["get", "w"]]]]]
    }, { minzoom: zoom + 1 });
    ["dots", "dots-light"].forEach(function (name) {
      if (scene.views[n].dotted) {
        add(part, name + n, "fill", from, { "fill-pattern": name }, { filter: ["==", ["get", "d" + n], name] });
      }
    });
    told["fill" + n] = scene.views[n].tips;
  }
  function strokes(spec, i) {
    var name = "stroke" + i, part = "over" + (scene.flows.length + i), order = { "line-sort-key": ["get", "w"], "line-cap": "round", "line-join": "round" };
    sources[name] = source(lines(spec.lines).map(function (parts, j) {
      return feature(j, "MultiLineString", parts, { w: spec.w[j], f: spec.fill[j] });
    }));
    add(part, name + "-casing", "line", name, { "line-color": "#ffffff", "line-width": ["+", 1.8, ["get", "w"]] }, { layout: order });
    add(part, name, "line", name, { "line-color": ["get", "f"], "line-width": ["get", "w"] }, { layout: order });
    told[name] = spec.tips;
  }
  /* thousands of arrows at once tell nothing: the strong are always there, the weak come with nearness */
  function depths(spec) { return spec.arrows.length > 3000 ? [3000, 12000, 50000, Infinity] : [Infinity]; }
  function bow(spec, a) {
    var p = spec.nodes[a.from], q = spec.nodes[a.to], dx = q.x - p.x, dy = q.y - p.y, steps = spec.arrows.length > 3000 ? 8 : 16;
    var cx = (p.x + q.x) / 2 - a.k * dy, cy = (p.y + q.y) / 2 + a.k * dx, line = [], i, t, u;
    for (i = 0; i <= steps; i++) {
      t = i / steps; u = 1 - t;
      line.push(plane.place(u * u * p.x + 2 * u * t * cx + t * t * q.x, u * u * p.y + 2 * u * t * cy + t * t * q.y));
    }
    return { line: line, turn: Math.atan2(q.x - cx, q.y - cy) / D2R };
  }
  function flows(spec, i) {
    /* a crowd of nodes would hide the map: they grow to their size as the reader comes nearer */
    var name = "flow" + i, part = "over" + i, crowd = Math.max(0.25, Math.min(1, Math.sqrt(200 / spec.nodes.length)));
    spec.arrows.forEach(function (a) { pictures["head-" + a.fill] = pictures["head-" + a.fill] || headTile(a.fill); });
    depths(spec).forEach(function (most, k) {
      deeper.push({ near: k, before: k === 1 ? name + "-0-casing" : k ? name + "-" + (k - 1) : undefined, grow: function () { return level(spec, i, k); } });
    });
    sources[name + "-node"] = source(spec.nodes.map(function (n, j) {
      return feature(j, "Point", plane.place(n.x, n.y), { r: n.r, f: n.fill });
    }));
    add(part, name + "-node", "circle", name + "-node", {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], zoom, ["*", crowd, ["get", "r"]], zoom + 4, ["get", "r"]], "circle-color": ["get", "f"], "circle-stroke-color": scene.colours.text, "circle-stroke-width": 1.4 * crowd
    }, { filter: [">", ["get", "r"], 0] });
    told[name + "-node"] = spec.nodeTips;
  }
  function level(spec, i, k) {
    var name = "flow" + i + "-" + k, part = "over" + i, from = k ? depths(spec)[k - 1] : 0, bows = [], heads = [], width = ["get", "w"];
    spec.arrows.slice(from, depths(spec)[k]).forEach(function (a, n) {
      var b = bow(spec, a), long = Math.max(8, Math.min(18, 1.6 * a.w + 5.5)), tip = b.line[b.line.length - 1];
      bows.push(feature(from + n, "LineString", b.line, { w: a.w, f: a.fill }));
      heads.push(feature(from + n, "Point", tip, { w: a.w, h: "head-" + a.fill, t: b.turn, s: long / 32, r: (a.end + long / 2) * 32 / long }));
    });
    var order = { layout: { "line-sort-key": width, "line-cap": "round" } }, near = ["interpolate", ["linear"], ["get", "r"]];
    var head = { layout: {
      "icon-image": ["get", "h"], "icon-rotate": ["get", "t"], "icon-rotation-alignment": "map", "icon-size": ["get", "s"],
      "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": width, "symbol-z-order": "source",
      "icon-offset": near.concat([0, ["literal", [0, 0]], 200, ["literal", [0, 200]]])
    } };
    /* thousands of thin lines make a fog, in which the strong ones stay clear */
    var clear = spec.arrows.length > 3000 ? ["interpolate", ["linear"], width, 1.3, 0.4, 4, 1] : 1;
    var grown = { sources: {}, layers: [] };
    grown.sources[name] = source(bows); grown.sources[name + "-head"] = source(heads);
    if (!k) { grown.layers.push(made(part, name + "-casing", "line", name, { "line-color": "#ffffff", "line-width": ["+", 1.6, width] }, order)); }
    grown.layers.push(made(part, name, "line", name, { "line-color": ["get", "f"], "line-width": width, "line-opacity": clear }, order));
    grown.layers.push(made(part, name + "-head", "symbol", name + "-head", {}, head));
    told[name] = spec.tips;
    return grown;
  }
  ground();
  scene.sets.forEach(regions);
  sources.marked = source([]);
  add("", "marked", "line", "marked", { "line-color": scene.colours.text, "line-width": 1.8 });
  sources.borders = source([feature(0, "MultiLineString", [].concat.apply([], lines(scene.borders)), {})]);
  add("", "borders", "line", "borders", { "line-color": scene.colours.nationalBorder, "line-width": 1.3 });
  scene.strokes.forEach(strokes);
  scene.flows.forEach(flows);
  return { zoom: zoom, sources: sources, layers: layers, shapes: shapes, told: told, pictures: pictures, depths: depths, deeper: deeper };
}

/* ---- the map ---- */
function mount(id, scene) {
  var host = document.getElementById(id), wrap = host.closest(".gi-sheet"), f = scene.frame, plane = makePlane(f);
  var globe = P.projections[scene.crs.type](scene.crs), drawn = drawing(scene, plane), current = 0, touched = false;
  var centre = plane.place((f[0] + f[2]) / 2, (f[1] + f[3]) / 2);
  var map = new root.maplibregl.Map({
    container: host, center: centre, zoom: drawn.zoom, attributionControl: false, dragRotate: false, pitchWithRotate: false,
    touchPitch: false, maxPitch: 0, renderWorldCopies: false, fadeDuration: 0, maxZoom: drawn.zoom + 7, minZoom: drawn.zoom - 2,
    style: { version: 8, sources: {}, layers: [] }
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new root.maplibregl.NavigationControl({ showCompass: false }), "top-left");
  map.getCanvas().setAttribute("aria-label", scene.alt);
  var bar = host.appendChild(P.element("div", "gi-scale gi-afloat")), tip = null;

  function fit() {
    var w = host.clientWidth, h = host.clientHeight;
    if (touched || !w || !h) { return; }
    map.jumpTo({ center: centre, zoom: plane.zoom(Math.min(w / (f[2] - f[0]), h / (f[3] - f[1]))) });
  }
  function measure() {
    var w = host.clientWidth, y = host.clientHeight / 2;
    if (!w || !y) { return; }
    function degrees(x) {
      var m = plane.metres(map.unproject([x, y])), d = globe.inverse(m[0], m[1]);
      return { lng: d[0], lat: d[1] };
    }
    P.measure(bar, P.greatCircle(degrees(w / 2 - 50), degrees(w / 2 + 50)) / 100);
  }

  /* which parts are seen */
  var seen = {}, parts = {};
  scene.views.forEach(function (view, i) { seen["view" + i] = i === 0; });
  function show(part, on) {
    seen[part] = on;
    drawn.layers.forEach(function (layer) {
      if (layer.metadata.part === part && map.getLayer(layer.id)) { map.setLayoutProperty(layer.id, "visibility", on ? "visible" : "none"); }
    });
  }
  function paint(n) {
    current = n;
    scene.views.forEach(function (view, i) { show("view" + i, i === n); });
    P.showLegend(wrap, n);
    hush();
  }

  /* names beside their nodes */
  var labels = [];
  scene.flows.forEach(function (spec, i) {
    spec.labels.forEach(function (label) {
      var box = host.appendChild(P.element("div", "gi-label gi-afloat"));
      var text = box.appendChild(P.element("span", "", label.text));
      labels.push({ box: box, text: text, part: "over" + i, node: spec.nodes[label.node] });
    });
  });
  function placeLabels() {
    var taken = [], waiting = [];
    labels.forEach(function (label) {
      var on = seen[label.part] !== false, p = map.project(plane.place(label.node.x, label.node.y)), r = label.node.r;
      label.box.hidden = !on;
      if (!on) { return; }
      label.box.style.transform = "translate(" + p.x + "px," + p.y + "px)";
      waiting.push([label.text, taken.push([p.x - r, p.y - r, p.x + r, p.y + r]) - 1]);
    });
    P.settle(waiting, taken, { x: host.clientWidth, y: host.clientHeight });
  }

  function lay(layer, before) {
    var hidden = seen[layer.metadata.part] === false;
    parts[layer.id] = layer.metadata.part;
    map.addLayer(Object.assign({}, layer, { layout: Object.assign({}, layer.layout, { visibility: hidden ? "none" : "visible" }) }), before);
  }
  /* the weaker arrows are made only when the reader comes near enough to tell them apart */
  function grow() {
    drawn.deeper = drawn.deeper.filter(function (level) {
      if (map.getZoom() - drawn.zoom < level.near && level.near) { return true; }
      var grown = level.grow();
      Object.keys(grown.sources).forEach(function (name) { map.addSource(name, grown.sources[name]); });
      grown.layers.forEach(function (layer) {
        layer.minzoom = level.near ? drawn.zoom + level.near : 0;
        drawn.layers.push(layer);
        lay(layer, level.before || (layer.source.replace(/-0(-head)?$/, "") + "-node"));
      });
      return false;
    });
  }

  /* how many arrows this nearness shows */
  var notes = scene.flows.map(function () { return wrap.querySelector(".gi-side").appendChild(P.element("p", "gi-note gi-depth")); });
  function count() {
    scene.flows.forEach(function (spec, i) {
      var all = spec.arrows.length, near = map.getZoom() - drawn.zoom;
      var most = drawn.depths(spec).filter(function (n, k) { return !k || near >= k; }).pop();
      function told(n) { return n.toLocaleString("en").replace(/,/g, "\u2009"); }
      notes[i].textContent = most < all ? "So far out, the largest " + told(most) + " of " + told(all) + " arrows are shown; come nearer for more." : "";
    });
  }

  /* what lies under the pointer answers */
  function hush() {
    if (tip) { tip.remove(); tip = null; }
    if (map.getSource("marked")) { map.getSource("marked").setData(gathered([])); }
  }
  function under(point) {
    var near = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]], above, ids = Object.keys(drawn.told);
    function ask(where, wanted) {
      var layers = ids.filter(function (name) { return (name.indexOf("fill") === 0) === wanted && seen[parts[name]] !== false && map.getLayer(name); });
      return layers.length ? map.queryRenderedFeatures(where, { layers: layers })[0] : undefined;
    }
    above = ask(near, false);
    return above || ask([point.x, point.y], true);
  }
  function answer(e) {
    var hit = under(e.point), w = host.clientWidth, set = scene.views[current] && scene.views[current].set;
    hush();
    if (!hit) { return; }
    var told = drawn.told[hit.layer.id];
    if (hit.layer.id.indexOf("fill") === 0) { map.getSource("marked").setData(gathered([drawn.shapes[set][hit.id]])); }
    tip = host.appendChild(P.element("div", "gi-tip gi-afloat"));
    tip.appendChild(P.tip(told.labels, told.rows[hit.id]));
    var x = e.point.x + 12 + tip.offsetWidth > w ? e.point.x - 12 - tip.offsetWidth : e.point.x + 12;
    var y = Math.max(2, Math.min(e.point.y - tip.offsetHeight / 2, host.clientHeight - tip.offsetHeight - 2));
    tip.style.transform = "translate(" + Math.max(2, x) + "px," + y + "px)";
  }

  map.once("load", function () {
    map.addImage("hatch", pixels(P.hatchTile(scene)));
    map.addImage("dots", pixels(dotTile(scene.colours.dots, 0.55)));
    map.addImage("dots-light", pixels(dotTile("#ffffff", 0.8)));
    Object.keys(drawn.pictures).forEach(function (name) { map.addImage(name, pixels(drawn.pictures[name])); });
    Object.keys(drawn.sources).forEach(function (name) { map.addSource(name, drawn.sources[name]); });
    drawn.layers.forEach(function (layer) { lay(layer); });
    grow();
    P.resizeLegend(wrap, 1);
    P.panel(wrap, paint, function (i, on) { show("over" + i, on); placeLabels(); hush(); });
    map.on("zoomend", grow);
    map.on("mousemove", answer);
    map.on("mouseout", hush);
    map.on("move", function () { placeLabels(); measure(); count(); });
    placeLabels(); measure(); count();
    map.once("idle", function () {
      wrap.classList.add("gi-ready");
      wrap.setAttribute("data-gi-ready", "1");
    });
  });
  ["mousedown", "wheel", "touchstart", "keydown"].forEach(function (name) {
    host.addEventListener(name, function () { touched = true; }, { passive: true, capture: true });
  });
  map.on("resize", function () { fit(); measure(); placeLabels(); });
  fit();
  P.tellHeight(wrap);
  map.gi = { forward: globe.forward, inverse: globe.inverse, place: plane.place, metres: plane.metres };
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
})(window);

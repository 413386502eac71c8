/* Flows of a large map: thousands of arrows at once would hide each other, so that the strong are always there and
   the weak come as the reader zooms in. */
var MANY = 3000;
function depths(spec) { return spec.arrows.length > MANY ? [MANY, 12000, 50000, Infinity] : [Infinity]; }

/* the middle line of an arrow, in as many parts as it is drawn in, and the direction of its head in degrees */
function bow(d, spec, arrow) {
  var legs = P.legsOf(spec, arrow), steps = spec.arrows.length > MANY ? 8 : 16, last;
  var lines = legs.map(function (leg) {
    var p = leg.from, q = leg.to, dx = q[0] - p[0], dy = q[1] - p[1], line = [], i, t, u;
    var cx = (p[0] + q[0]) / 2 - leg.k * dy, cy = (p[1] + q[1]) / 2 + leg.k * dx;
    for (i = 0; i <= steps; i++) {
      t = i / steps; u = 1 - t;
      line.push(d.plane.place(u * u * p[0] + 2 * u * t * cx + t * t * q[0], u * u * p[1] + 2 * u * t * cy + t * t * q[1]));
    }
    last = Math.atan2(q[0] - cx, q[1] - cy) / D2R;
    return line;
  });
  return { lines: lines, turn: last };
}
function bowFeature(i, bowed, properties) {
  var whole = bowed.lines.length === 1;
  return feature(i, whole ? "LineString" : "MultiLineString", whole ? bowed.lines[0] : bowed.lines, properties);
}
function addFlows(d, spec, i) {
  var name = "flow" + i;
  spec.arrows.forEach(function (a) {
    d.pictures["head-" + a.fill] = d.pictures["head-" + a.fill] || headTile(a.fill);
  });
  depths(spec).forEach(function (most, k) {
    d.levels.push({
      near: k, before: k === 1 ? name + "-0-casing" : k ? name + "-" + (k - 1) : undefined,
      grow: function () { return flowLevel(d, spec, i, k); }
    });
  });
  addNodes(d, spec, i);
}
function addNodes(d, spec, i) {
  /* a crowd of nodes would hide the map: they grow to their size as the reader zooms in */
  var name = "flow" + i + "-node", crowd = Math.max(0.25, Math.min(1, Math.sqrt(200 / spec.nodes.length)));
  d.sources[name] = source(spec.nodes.map(function (n, j) {
    return feature(j, "Point", d.plane.place(n.x, n.y), { r: n.r, f: n.fill });
  }));
  add(d, "over" + i, name, "circle", name, {
    "circle-radius": ["interpolate", ["linear"], ["zoom"], d.zoom, ["*", crowd, ["get", "r"]], d.zoom + 4, ["get", "r"]],
    "circle-color": ["get", "f"], "circle-stroke-color": d.scene.colours.text, "circle-stroke-width": 1.4 * crowd
  }, { filter: [">", ["get", "r"], 0] });
  d.tips[name] = spec.nodeTips;
}

/* the arrows of one depth as sources and layers: lines, and heads that keep clear of the nodes */
function flowLevel(d, spec, i, k) {
  var name = "flow" + i + "-" + k, part = "over" + i, width = ["get", "w"], features = levelFeatures(d, spec, k);
  var order = { layout: { "line-sort-key": width, "line-cap": "round" } };
  /* thousands of thin lines make a fog, in which the strong ones stay clear */
  var clear = spec.arrows.length > MANY ? ["interpolate", ["linear"], width, 1.3, 0.4, 4, 1] : 1;
  var level = { sources: {}, layers: [] };
  level.sources[name] = source(features.bows);
  level.sources[name + "-head"] = source(features.heads);
  if (!k) {
    level.layers.push(layerOf(part, name + "-casing", "line", name, { "line-color": "#ffffff", "line-width": ["+", 1.6, width] }, order));
  }
  level.layers.push(layerOf(part, name, "line", name, { "line-color": ["get", "f"], "line-width": width, "line-opacity": clear }, order));
  level.layers.push(layerOf(part, name + "-head", "symbol", name + "-head", {}, { layout: headLayout(width) }));
  d.tips[name] = spec.tips;
  return level;
}
function levelFeatures(d, spec, k) {
  var from = k ? depths(spec)[k - 1] : 0, bows = [], heads = [];
  spec.arrows.slice(from, depths(spec)[k]).forEach(function (a, n) {
    var b = bow(d, spec, a), long = Math.max(8, Math.min(18, 1.6 * a.w + 5.5)), end = b.lines[b.lines.length - 1].slice(-1)[0];
    bows.push(bowFeature(from + n, b, { w: a.w, f: a.fill, a: a.from, b: a.to }));
    heads.push(feature(from + n, "Point", end, {
      w: a.w, a: a.from, b: a.to, h: "head-" + a.fill, t: b.turn, s: long / 32, r: (a.end + long / 2) * 32 / long
    }));
  });
  return { bows: bows, heads: heads };
}
function headLayout(width) {
  var offset = ["interpolate", ["linear"], ["get", "r"], 0, ["literal", [0, 0]], 200, ["literal", [0, 200]]];
  return {
    "icon-image": ["get", "h"], "icon-rotate": ["get", "t"], "icon-rotation-alignment": "map", "icon-size": ["get", "s"],
    "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": width, "symbol-z-order": "source",
    "icon-offset": offset
  };
}

/* The browser's side of a sheet: decodes geometry, projects, draws, and answers the reader. */
(function (root) {
"use strict";
if (root.geoinno) { return; }
var L = root.L;

/* ---- projections: metres <-> degrees, on the WGS84 ellipsoid ---- */
var A = 6378137, F = 1 / 298.257223563, E2 = F * (2 - F), E = Math.sqrt(E2), D2R = Math.PI / 180;

function authalicQ(phi) {
  var s = Math.sin(phi), es = E * s;
  return (1 - E2) * (s / (1 - es * es) - Math.log((1 - es) / (1 + es)) / (2 * E));
}
function latitudeOfQ(q) {
  var beta = Math.asin(Math.max(-1, Math.min(1, q / authalicQ(Math.PI / 2))));
  var e4 = E2 * E2, e6 = e4 * E2;
  return beta + (E2 / 3 + 31 * e4 / 180 + 517 * e6 / 5040) * Math.sin(2 * beta) +
    (23 * e4 / 360 + 251 * e6 / 3780) * Math.sin(4 * beta) + 761 * e6 / 45360 * Math.sin(6 * beta);
}
function turned(lon, lon0) {
  var d = (lon - lon0) % 360;
  return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}
function parallelScale(phi) {
  var s = Math.sin(phi);
  return Math.cos(phi) / Math.sqrt(1 - E2 * s * s);
}

var projections = {
  aea: function (p) {
    var m1 = parallelScale(p.lat1 * D2R), m2 = parallelScale(p.lat2 * D2R);
    var q1 = authalicQ(p.lat1 * D2R), q2 = authalicQ(p.lat2 * D2R), q0 = authalicQ(p.lat0 * D2R);
    var n = Math.abs(q1 - q2) < 1e-12 ? Math.sin(p.lat1 * D2R) : (m1 * m1 - m2 * m2) / (q2 - q1);
    var C = m1 * m1 + n * q1, rho0 = A * Math.sqrt(C - n * q0) / n;
    return {
      forward: function (lon, lat) {
        var rho = A * Math.sqrt(Math.max(0, C - n * authalicQ(lat * D2R))) / n, t = n * turned(lon, p.lon0) * D2R;
        return [rho * Math.sin(t), rho0 - rho * Math.cos(t)];
      },
      inverse: function (x, y) {
        var dy = rho0 - y, s = n < 0 ? -1 : 1, rho = Math.sqrt(x * x + dy * dy) * s;
        var t = Math.atan2(s * x, s * dy), r = rho * n / A;
        return [p.lon0 + t / n / D2R, latitudeOfQ((C - r * r) / n) / D2R];
      }
    };
  },
  laea: function (p) {
    var qp = authalicQ(Math.PI / 2), Rq = A * Math.sqrt(qp / 2), phi0 = p.lat0 * D2R;
    var b0 = Math.asin(authalicQ(phi0) / qp), sb = Math.sin(b0), cb = Math.cos(b0);
    var D = cb < 1e-9 ? 1 : A * parallelScale(phi0) / (Rq * cb);
    return {
      forward: function (lon, lat) {
        var b = Math.asin(Math.max(-1, Math.min(1, authalicQ(lat * D2R) / qp))), l = turned(lon, p.lon0) * D2R;
        var c = Math.cos(b) * Math.cos(l), k = Rq * Math.sqrt(2 / Math.max(1e-9, 1 + sb * Math.sin(b) + cb * c));
        return [k * D * Math.cos(b) * Math.sin(l), k / D * (cb * Math.sin(b) - sb * c)];
      },
      inverse: function (x, y) {
        var rho = Math.sqrt(x * x / (D * D) + D * D * y * y);
        if (rho < 1e-9) { return [p.lon0, p.lat0]; }
        var ce = 2 * Math.asin(Math.min(1, rho / (2 * Rq))), sc = Math.sin(ce), cc = Math.cos(ce);
        var q = qp * (cc * sb + D * y * sc * cb / rho);
        var l = Math.atan2(x * sc, D * rho * cb * cc - D * D * y * sb * sc);
        return [p.lon0 + l / D2R, latitudeOfQ(q) / D2R];
      }
    };
  },
  grid: function (p) {
    var n = p.n, w = (p.lon[1] - p.lon[0]) / (n - 1), h = (p.lat[1] - p.lat[0]) / (n - 1);
    function forward(lon, lat) {
      var u = (p.lon0 + turned(lon, p.lon0) - p.lon[0]) / w, v = (lat - p.lat[0]) / h;
      var i = Math.max(0, Math.min(n - 2, Math.floor(u))), j = Math.max(0, Math.min(n - 2, Math.floor(v)));
      var s = u - i, t = v - j, a = j * n + i, b = a + n;
      function mix(z) { return (1 - t) * ((1 - s) * z[a] + s * z[a + 1]) + t * ((1 - s) * z[b] + s * z[b + 1]); }
      return [mix(p.x), mix(p.y)];
    }
    return {
      forward: forward,
      inverse: function (x, y) {
        var lon = p.lon0, lat = (p.lat[0] + p.lat[1]) / 2, d = 1e-3, i, f, fx, fy, det;
        for (i = 0; i < 12; i++) {
          f = forward(lon, lat); fx = forward(lon + d, lat); fy = forward(lon, lat + d);
          var a = (fx[0] - f[0]) / d, b = (fy[0] - f[0]) / d, c = (fx[1] - f[1]) / d, e = (fy[1] - f[1]) / d;
          det = a * e - b * c;
          if (!det) { break; }
          lon += (e * (x - f[0]) - b * (y - f[1])) / det;
          lat = Math.max(-89.9, Math.min(89.9, lat + (a * (y - f[1]) - c * (x - f[0])) / det));
        }
        return [lon, lat];
      }
    };
  }
};

/* online tiles are cut on a sphere */
var mercator = {
  forward: function (lon, lat) { return [A * lon * D2R, A * Math.log(Math.tan(Math.PI / 4 + lat * D2R / 2))]; },
  inverse: function (x, y) { return [x / A / D2R, (2 * Math.atan(Math.exp(y / A)) - Math.PI / 2) / D2R]; }
};

/* A place of the scene: it knows its metres, and its degrees when somebody asks. */
function makeCrs(spec, unit, tiled) {
  var p = tiled ? mercator : projections[spec.type](spec), half = tiled ? Math.PI * A : 0, density = tiled ? 128 / half : 1 / (unit * 16);
  function Place(x, y) { this.x = x; this.y = y; }
  Place.prototype = Object.create(L.LatLng.prototype, {
    degrees: { get: function () { return this.d || (this.d = p.inverse(this.x, this.y)); } },
    lat: { get: function () { return this.degrees[1]; } },
    lng: { get: function () { return this.degrees[0]; } }
  });
  var projection = {
    project: function (ll) {
      if (ll instanceof Place) { return new L.Point(ll.x, ll.y); }
      var m = p.forward(ll.lng, ll.lat);
      return new L.Point(m[0], m[1]);
    },
    unproject: function (pt) { var d = p.inverse(pt.x, pt.y); return new L.LatLng(d[1], d[0]); },
    bounds: L.bounds([-3e7, -3e7], [3e7, 3e7])
  };
  return {
    place: function (x, y) { return new Place(x, y); },
    inverse: p.inverse,
    forward: p.forward,
    crs: L.extend({}, L.CRS, {
      projection: projection,
      transformation: new L.Transformation(1, half, -1, half),
      scale: function (z) { return Math.pow(2, z) * density; },
      zoom: function (s) { return Math.log(s / density) / Math.LN2; },
      infinite: true,
      distance: greatCircle
    })
  };
}
function greatCircle(a, b) {
  var p = a.lat * D2R, q = b.lat * D2R, h = Math.pow(Math.sin((q - p) / 2), 2) +
    Math.cos(p) * Math.cos(q) * Math.pow(Math.sin((b.lng - a.lng) * D2R / 2), 2);
  return 12742017.6 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/* ---- geometry: letters -> rings of places ---- */
var letters = {};
"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("").forEach(function (c, i) {
  letters[c.charCodeAt(0)] = i;
});
function decode(text, scene, place) {
  var at = 0, x = 0, y = 0, shapes = [];
  function next() {
    var value = 0, shift = 1, d;
    do { d = letters[text.charCodeAt(at++)]; value += (d & 31) * shift; shift *= 32; } while (d & 32);
    return value;
  }
  function step() { var v = next(); return v % 2 ? -(v + 1) / 2 : v / 2; }
  while (at < text.length) {
    var parts = [], np = next();
    while (np--) {
      var rings = [], nr = next();
      while (nr--) {
        var ring = [], n = next();
        while (n--) {
          x += step(); y += step();
          ring.push(place(scene.corner[0] + x * scene.quantum, scene.corner[1] + y * scene.quantum));
        }
        rings.push(ring);
      }
      parts.push(rings);
    }
    shapes.push(parts);
  }
  return shapes;
}

/* ---- arrows: the same ring as in print ---- */
function curve(a, b, k, t0, t1) {
  var dx = b[0] - a[0], dy = b[1] - a[1], cx = (a[0] + b[0]) / 2 + k * dy, cy = (a[1] + b[1]) / 2 - k * dx;
  var n = 64, pts = [], len = [0], i, t, u;
  for (i = 0; i <= n; i++) {
    t = i / n; u = 1 - t;
    pts.push([u * u * a[0] + 2 * u * t * cx + t * t * b[0], u * u * a[1] + 2 * u * t * cy + t * t * b[1]]);
    if (i) { len.push(len[i - 1] + Math.hypot(pts[i][0] - pts[i - 1][0], pts[i][1] - pts[i - 1][1])); }
  }
  var total = len[n], from = t0, to = total - t1;
  function along(s) {
    var lo = 0, hi = n, mid;
    while (hi - lo > 1) { mid = (lo + hi) >> 1; if (len[mid] <= s) { lo = mid; } else { hi = mid; } }
    var f = (s - len[lo]) / (len[hi] - len[lo] || 1);
    return [pts[lo][0] + f * (pts[hi][0] - pts[lo][0]), pts[lo][1] + f * (pts[hi][1] - pts[lo][1])];
  }
  return { free: to - from, from: from, to: to, along: along };
}
function arrowRing(a, b, k, w, t0, t1) {
  var c = curve(a, b, k, t0, t1);
  if (c.free < 5) { return null; }
  var hl = Math.max(8, Math.min(18, 1.6 * w + 5.5)), hw = w / 2 + Math.max(2.6, 0.3 * w);
  if (hl > 0.45 * c.free) { hw *= 0.45 * c.free / hl; hl = 0.45 * c.free; }
  var base = c.to - hl, steps = 24, left = [], right = [], i, s, p, q, dx, dy, d, h;
  for (i = 0; i <= steps; i++) {
    s = c.from + (base - c.from) * i / steps;
    p = c.along(Math.max(0, s - 0.01)); q = c.along(s + 0.01);
    dx = q[0] - p[0]; dy = q[1] - p[1]; d = Math.hypot(dx, dy) || 1;
    h = Math.max(Math.min(w, 1.2) / 2, w / 2 * (0.5 + 0.5 * i / steps));
    p = c.along(s);
    left.push([p[0] + dy / d * h, p[1] - dx / d * h]);
    right.push([p[0] - dy / d * h, p[1] + dx / d * h]);
  }
  var foot = c.along(base), tip = c.along(c.to);
  dx = tip[0] - foot[0]; dy = tip[1] - foot[1]; d = Math.hypot(dx, dy) || 1;
  left.push([foot[0] + dy / d * hw, foot[1] - dx / d * hw]);
  right.push([foot[0] - dy / d * hw, foot[1] + dx / d * hw]);
  var mid = [];
  for (i = 0; i <= 12; i++) { mid.push(c.along(c.from + c.free * i / 12)); }
  return { ring: left.concat([tip], right.reverse()), mid: mid };
}

/* ---- furniture ---- */
function element(tag, cls, text) {
  var e = document.createElement(tag);
  if (cls) { e.className = cls; }
  if (text !== undefined) { e.textContent = text; }
  return e;
}
function tip(labels, cells) {
  var box = element("div"), i;
  for (i = 0; i < labels.length; i++) {
    if (cells[i] === null || cells[i] === "") { continue; }
    var row = element("div", i ? "gi-tip-row" : "gi-tip-name");
    if (labels[i]) { row.appendChild(element("span", "gi-tip-label", labels[i] + " ")); }
    row.appendChild(document.createTextNode(cells[i]));
    box.appendChild(row);
  }
  return box;
}
/* a bar of a round length, where a pixel is so many metres */
function measure(box, metres) {
  if (!isFinite(metres) || metres <= 0) { return; }
  var most = 130 * metres / 1000, power = Math.pow(10, Math.floor(Math.log(most) / Math.LN10)), lead = most / power;
  var km = (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
  box.textContent = (km < 1 ? km * 1000 + " m" : km.toLocaleString("en").replace(/,/g, "\u2009") + " km");
  box.style.width = Math.round(km * 1000 / metres) + "px";
  box.setAttribute("data-km", km);
}
function scaleBar(map) {
  var bar = L.control({ position: "bottomleft" });
  bar.onAdd = function () {
    this.box = element("div", "gi-scale");
    return this.box;
  };
  bar.addTo(map);
  function draw() {
    var size = map.getSize(), y = size.y / 2, x = size.x / 2;
    if (!size.x || !size.y) { return; }
    measure(bar.box, greatCircle(map.containerPointToLatLng([x - 50, y]), map.containerPointToLatLng([x + 50, y])) / 100);
  }
  map.on("zoomend moveend resize", draw);
  return draw;
}
/* the important first, each in the best free place around its node; those without room wait for another zoom */
var places = [[1, 0], [0.75, -0.75], [0.75, 0.75], [-1, 0], [-0.75, -0.75], [-0.75, 0.75], [0, -1], [0, 1]];
function meet(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }
function settle(labels, taken, size) {
  labels.forEach(function (label) {
    var text = label[0], own = label[1], c = taken[own];
    var x = (c[0] + c[2]) / 2, y = (c[1] + c[3]) / 2, reach = (c[2] - c[0]) / 2 + 4, w = text.offsetWidth, h = text.offsetHeight;
    var found = places.some(function (p) {
      var hang = p[0] > 0 ? 0 : p[0] < 0 ? 1 : 0.5, dx = p[0] * reach - hang * w;
      var dy = p[1] * (reach + (p[0] ? 0 : h / 2)) - h / 2, b = [x + dx, y + dy, x + dx + w, y + dy + h];
      if (b[0] < 2 || b[1] < 2 || b[2] > size.x - 2 || b[3] > size.y - 2) { return false; }
      if (taken.some(function (t, i) { return i !== own && meet(b, t); })) { return false; }
      taken.push(b);
      text.style.transform = "translate(" + dx.toFixed(1) + "px," + dy.toFixed(1) + "px)";
      return true;
    });
    text.style.visibility = found ? "" : "hidden";
  });
}
/* the switches beside a map: views one at a time, overlays on and off */
function panel(wrap, paint, toggle) {
  wrap.querySelectorAll("input[data-pick]").forEach(function (input) {
    input.addEventListener("change", function () { paint(+input.value); });
  });
  wrap.querySelectorAll("input[data-slide]").forEach(function (input) {
    var names = JSON.parse(input.getAttribute("data-names"));
    input.addEventListener("input", function () {
      paint(+input.value);
      input.setAttribute("aria-valuetext", names[+input.value]);
      wrap.querySelector(".gi-time").textContent = names[+input.value];
    });
  });
  wrap.querySelectorAll("input[data-overlay]").forEach(function (input) {
    input.addEventListener("change", function () { toggle(+input.value, input.checked); });
  });
}
/* only the legend of the view that is shown */
function showLegend(wrap, n) {
  wrap.querySelectorAll("[data-view]").forEach(function (e) { e.hidden = +e.getAttribute("data-view") !== n; });
}
/* the legend's arrows and circles, as large as those on the map */
function resizeLegend(wrap, factor) {
  wrap.querySelectorAll(".gi-circle").forEach(function (svg) {
    svg.firstElementChild.setAttribute("r", (+svg.getAttribute("data-r") * factor).toFixed(2));
  });
  wrap.querySelectorAll(".gi-arrow").forEach(function (svg) {
    var r = arrowRing([2, 9], [60, 9], 0, +svg.getAttribute("data-w") * factor, 0, 0);
    svg.firstElementChild.setAttribute("d", r ? "M" + r.ring.map(function (p) { return p[0].toFixed(2) + " " + p[1].toFixed(2); }).join("L") + "Z" : "");
  });
}
function tellHeight(wrap) {
  if (root.parent === root || !root.ResizeObserver) { return; }
  new ResizeObserver(function () {
    root.parent.postMessage({ geoinno: "height", height: Math.ceil(wrap.getBoundingClientRect().height) }, "*");
  }).observe(wrap);
}
function patterns(id, scene) {
  var ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), defs = document.createElementNS(ns, "defs");
  svg.setAttribute("width", 0); svg.setAttribute("height", 0); svg.setAttribute("aria-hidden", "true");
  svg.style.position = "absolute";
  function pattern(name, size, parts, turn) {
    var p = document.createElementNS(ns, "pattern");
    p.id = id + "-" + name;
    p.setAttribute("patternUnits", "userSpaceOnUse"); p.setAttribute("width", size); p.setAttribute("height", size);
    if (turn) { p.setAttribute("patternTransform", "rotate(" + turn + ")"); }
    parts.forEach(function (spec) {
      var e = document.createElementNS(ns, spec[0]);
      Object.keys(spec[1]).forEach(function (k) { e.setAttribute(k, spec[1][k]); });
      p.appendChild(e);
    });
    defs.appendChild(p);
  }
  pattern("hatch", 6, [["rect", { width: 6, height: 6, fill: scene.colours.noData }],
    ["rect", { width: 1.6, height: 6, fill: scene.colours.hatch }]], 45);
  pattern("dots", 7, [["circle", { cx: 3.5, cy: 3.5, r: 1.1, fill: scene.colours.dots, "fill-opacity": 0.55 }]], 0);
  pattern("dots-light", 7, [["circle", { cx: 3.5, cy: 3.5, r: 1.1, fill: "#ffffff", "fill-opacity": 0.8 }]], 0);
  svg.appendChild(defs);
  return svg;
}
function hatchTile(scene) {
  var c = document.createElement("canvas"), g;
  c.width = c.height = 8; g = c.getContext("2d");
  g.fillStyle = scene.colours.noData; g.fillRect(0, 0, 8, 8);
  g.strokeStyle = scene.colours.hatch; g.lineWidth = 1.6; g.beginPath();
  [-4, 4, 12].forEach(function (o) { g.moveTo(o - 6, 10); g.lineTo(o + 6, -2); });
  g.stroke();
  return g;
}

/* ---- the map ---- */
function mount(id, scene) {
  var host = document.getElementById(id), wrap = host.closest(".gi-sheet"), world = makeCrs(scene.crs, scene.unit, scene.tiles);
  var pane = {}, touched = false, fitted = false, still = root.matchMedia && root.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var f = scene.frame, centre = world.place((f[0] + f[2]) / 2, (f[1] + f[3]) / 2);
  var map = L.map(host, {
    crs: world.crs, center: centre, zoom: 4, zoomSnap: 0, zoomDelta: 0.75, wheelPxPerZoomLevel: 120,
    attributionControl: false, zoomAnimation: !still, fadeAnimation: !still, worldCopyJump: false
  });
  ["land", "regions", "borders", "flows", "nodes"].forEach(function (name, i) {
    map.createPane("gi-" + name).style.zIndex = 210 + 40 * i;
    pane[name] = { pane: "gi-" + name };
  });
  function fit() {
    var size = map.getSize();
    if (touched || !size.x || !size.y) { return; }
    var s = Math.min(size.x / (f[2] - f[0]), size.y / (f[3] - f[1]));
    var z = world.crs.zoom(s);
    /* the view first: a limit that the present view breaks would start a move of its own */
    map.options.minZoom = map.options.maxZoom = undefined;
    map.setView(centre, z, { animate: false });
    map.setMinZoom(z - 1); map.setMaxZoom(z + 7);
    fitted = true;
  }

  var landPane = L.svg({ pane: "gi-land", padding: 0.6 });
  if (scene.tiles) { L.tileLayer(scene.tiles, { maxNativeZoom: 19, minZoom: 0, maxZoom: 30 }).addTo(map); }
  if (scene.ground.land && !scene.tiles) {
    L.polygon(decode(scene.ground.land, scene, world.place)[0] || [], {
      renderer: landPane, pane: "gi-land", interactive: false, color: scene.colours.coast, weight: 0.8,
      fillColor: scene.colours.land, fillOpacity: 1, smoothFactor: 0
    }).addTo(map);
    L.polyline(flat(decode(scene.ground.borders, scene, world.place)), {
      renderer: landPane, pane: "gi-land", interactive: false, color: scene.colours.foreignBorder, weight: 0.8, smoothFactor: 0.3
    }).addTo(map);
  }
  if (scene.ground.graticule) {
    L.polyline(flat(decode(scene.ground.graticule, scene, world.place)), {
      renderer: landPane, pane: "gi-land", interactive: false, color: scene.colours.graticule, weight: 0.7, smoothFactor: 0.3, className: "gi-graticule"
    }).addTo(map);
  }
  host.appendChild(patterns(id, scene));

  var views = scene.views, current = null, sets = scene.sets.map(regionSet);
  function flat(shapes) {
    return shapes.map(function (parts) { return parts[0][0]; });
  }
  function weight(set, i) { return (set.lines.charCodeAt(i) - 48) / 10; }
  function key(i) { return current.keys[current.codes.charCodeAt(i) - 48]; }
  function regionSet(set) {
    var many = set.n > 2000;
    var renderer = many ? L.canvas({ pane: "gi-regions", padding: 0.4 }) : L.svg({ pane: "gi-regions", padding: 0.6 });
    var hatch = many ? hatchTile(scene).createPattern(hatchTile(scene).canvas, "repeat") : "url(#" + id + "-hatch)";
    var shapes = decode(set.rings, scene, world.place).map(function (parts, i) {
      var p = L.polygon(parts, {
        renderer: renderer, pane: "gi-regions", color: "#fff", weight: weight(set, i),
        fillOpacity: 1, smoothFactor: many ? 0.8 : 0.2, lineJoin: "round", className: "gi-region"
      });
      p.index = i;
      return p;
    });
    var group = L.featureGroup(shapes), marked = null;
    function unmark() {
      if (marked) { marked.setStyle({ color: key(marked.index).line, weight: weight(set, marked.index) }); marked = null; }
    }
    group.on("mouseover", function (e) {
      unmark();
      marked = e.layer || e.propagatedFrom;
      marked.setStyle({ color: scene.colours.text, weight: 1.6 });
      if (!many) { marked.bringToFront(); }
    });
    group.on("mouseout", unmark);
    group.bindTooltip(function (p) {
      var t = current.tips;
      return tip(t.labels, t.rows[p.index]);
    }, { sticky: true, offset: [12, 0], className: "gi-tip", opacity: 1 });
    return { shapes: shapes, group: group, hatch: hatch, renderer: renderer, dots: null };
  }
  function paint(n) {
    var view = views[n], set = sets[view.set];
    sets.forEach(function (other) { if (other !== set) { map.removeLayer(other.group); } });
    current = view;
    set.group.addTo(map);
    set.shapes.forEach(function (p, i) {
      p.setStyle({
        fillColor: key(i).pattern === "hatch" ? set.hatch : key(i).fill,
        color: key(i).line, weight: weight(scene.sets[view.set], i)
      });
    });
    if (set.dots) { map.removeLayer(set.dots); set.dots = null; }
    if (view.dotted) {
      set.dots = L.featureGroup(set.shapes.filter(function (p, i) { return view.dotted.charAt(i) === "1"; }).map(function (p) {
        return L.polygon(p.getLatLngs(), { pane: "gi-borders", interactive: false, stroke: false, fillOpacity: 1,
          fillColor: "url(#" + id + "-" + key(p.index).dots + ")", smoothFactor: 0.2 });
      })).addTo(map);
    }
    showLegend(wrap, n);
  }

  /* flows and nodes keep their size on the screen at every zoom */
  var overlays = (scene.flows || []).map(flowLayer).concat((scene.strokes || []).map(strokeLayer)), factor = 1;
  /* stretches of border: white casing, line, and a wider invisible one that answers the pointer */
  function strokeLayer(spec) {
    var svg = L.svg({ pane: "gi-borders", padding: 0.6 }), group = L.featureGroup(), casings = L.layerGroup();
    var order = spec.w.map(function (w, i) { return i; }).sort(function (a, b) { return spec.w[a] - spec.w[b] || a - b; });
    var shapes = decode(spec.lines, scene, world.place).map(function (parts) {
      return parts.map(function (rings) { return rings[0]; });
    });
    function line(i, options) {
      return L.polyline(shapes[i], L.extend({ renderer: svg, pane: "gi-borders", smoothFactor: 0.2, lineJoin: "round" }, options));
    }
    order.forEach(function (i) { casings.addLayer(line(i, { interactive: false, color: "#ffffff", weight: spec.w[i] + 1.8 })); });
    var lines = [];
    order.forEach(function (i) {
      lines[i] = line(i, { interactive: false, color: spec.fill[i], weight: spec.w[i], className: "gi-stroke" });
      casings.addLayer(lines[i]);
    });
    order.forEach(function (i) {
      var hit = line(i, { color: "#000", weight: Math.max(8, spec.w[i] + 5), opacity: 0, className: "gi-hit" });
      hit.index = i;
      group.addLayer(hit);
    });
    group.on("mouseover", function (e) { lines[(e.layer || e.propagatedFrom).index].setStyle({ color: scene.colours.hover }); });
    group.on("mouseout", function (e) { var i = (e.layer || e.propagatedFrom).index; lines[i].setStyle({ color: spec.fill[i] }); });
    group.bindTooltip(function (h) { return tip(spec.tips.labels, spec.tips.rows[h.index]); },
      { sticky: true, offset: [12, 0], className: "gi-tip", opacity: 1 });
    return { spec: spec, arrows: [], nodes: L.layerGroup(), group: L.layerGroup([casings, group]), labels: L.layerGroup() };
  }
  function flowLayer(spec) {
    var svg = L.svg({ pane: "gi-flows", padding: 0.6 }), group = L.featureGroup(), nodes = L.featureGroup();
    var at = spec.nodes.map(function (n) { return world.place(n.x, n.y); });
    var arrows = spec.arrows.map(function (a, i) {
      var shape = L.polygon([], { renderer: svg, pane: "gi-flows", color: "#ffffff", weight: Math.min(1.2, 0.25 * a.w),
        fillColor: a.fill, fillOpacity: 1, smoothFactor: 0, className: "gi-flow", interactive: false });
      var hit = L.polyline([], { renderer: svg, pane: "gi-flows", color: "#000", weight: Math.max(12, a.w + 4), opacity: 0, smoothFactor: 0, className: "gi-hit" });
      hit.index = i; hit.shape = shape;
      group.addLayer(shape);
      return { spec: a, shape: shape, hit: hit };
    });
    arrows.slice().forEach(function (a) { group.addLayer(a.hit); });
    spec.nodes.forEach(function (n, i) {
      if (!n.r) { return; }
      var c = L.circleMarker(at[i], { pane: "gi-nodes", radius: n.r, color: scene.colours.text, weight: 1.4, fillColor: n.fill, fillOpacity: 1, className: "gi-node" });
      c.index = i;
      nodes.addLayer(c);
    });
    group.on("mouseover", function (e) { var h = e.layer || e.propagatedFrom; if (h.shape) { h.shape.setStyle({ fillColor: scene.colours.hover }); h.shape.bringToFront(); } });
    group.on("mouseout", function (e) { var h = e.layer || e.propagatedFrom; if (h.shape) { h.shape.setStyle({ fillColor: spec.arrows[h.index].fill }); } });
    group.bindTooltip(function (h) { return tip(spec.tips.labels, spec.tips.rows[h.index] || []); },
      { sticky: true, offset: [12, 0], className: "gi-tip", opacity: 1 });
    nodes.bindTooltip(function (c) { return tip(spec.nodeTips.labels, spec.nodeTips.rows[c.index]); },
      { offset: [12, 0], className: "gi-tip", opacity: 1 });
    return { spec: spec, at: at, arrows: arrows, nodes: nodes, group: L.layerGroup([group, nodes]), labels: labelLayer(spec, at) };
  }
  function labelLayer(spec, at) {
    var group = L.layerGroup();
    spec.labels.forEach(function (label) {
      var icon = L.divIcon({ className: "gi-label", html: element("span", "", label.text), iconSize: null, iconAnchor: [0, 0] });
      var marker = L.marker(at[label.node], { icon: icon, pane: "gi-nodes", interactive: false, keyboard: false });
      marker.node = label.node;
      group.addLayer(marker);
    });
    return group;
  }
  function placeLabels() {
    var size = map.getSize(), taken = [], shown = overlays.filter(function (o) { return map.hasLayer(o.labels); });
    var box = host.getBoundingClientRect();
    host.querySelectorAll(".leaflet-control").forEach(function (c) {
      var r = c.getBoundingClientRect();
      taken.push([r.left - box.left, r.top - box.top, r.right - box.left, r.bottom - box.top]);
    });
    function circle(o, i) {
      var p = map.latLngToContainerPoint(o.at[i]), r = o.spec.nodes[i].r * factor;
      return [p.x - r, p.y - r, p.x + r, p.y + r];
    }
    shown.forEach(function (o) { o.own = (o.spec.nodes || []).map(function (n, i) { return taken.push(circle(o, i)) - 1; }); });
    var waiting = [];
    shown.forEach(function (o) {
      o.labels.eachLayer(function (marker) { waiting.push([marker.getElement().firstChild, o.own[marker.node]]); });
    });
    settle(waiting, taken, size);
  }
  function redraw() {
    var size = map.getSize();
    if (!overlays.length || !size.x) { return; }
    factor = Math.max(0.55, Math.min(1, Math.sqrt(size.x / 950)));
    overlays.forEach(function (o) {
      o.arrows.forEach(function (a) {
        var A2 = map.latLngToLayerPoint(o.at[a.spec.from]), B = map.latLngToLayerPoint(o.at[a.spec.to]);
        if (A2.equals(B)) { return; }
        var r = arrowRing([A2.x, A2.y], [B.x, B.y], a.spec.k, a.spec.w * factor, a.spec.start * factor, a.spec.end * factor);
        var back = function (p) { return map.layerPointToLatLng(p); };
        a.shape.setLatLngs(r ? r.ring.map(back) : []);
        a.hit.setLatLngs(r ? r.mid.map(back) : []);
      });
      o.nodes.eachLayer(function (c) { c.setRadius(o.spec.nodes[c.index].r * factor); });
    });
    placeLabels();
    resizeLegend(wrap, factor);
  }

  if (views.length) { paint(0); }
  if (scene.borders) {
    L.polyline(flat(decode(scene.borders, scene, world.place)), {
      renderer: L.svg({ pane: "gi-borders", padding: 0.6 }), pane: "gi-borders", interactive: false,
      color: scene.colours.nationalBorder, weight: 1.3, smoothFactor: 0.2
    }).addTo(map);
  }
  overlays.forEach(function (o) { o.group.addTo(map); o.labels.addTo(map); });
  var bar = scaleBar(map);

  /* the panel beside the map */
  panel(wrap, paint, function (i, on) {
    var o = overlays[i];
    [o.group, o.labels].forEach(function (g) { if (on) { g.addTo(map); } else { map.removeLayer(g); } });
    placeLabels();
  });
  var find = wrap.querySelector("input[data-find]");
  if (find) {
    find.addEventListener("change", function () {
      var at = current.tips.rows.findIndex(function (r) { return r[0] === find.value; });
      if (at < 0) { return; }
      var p = sets[current.set].shapes[at], c = p.getCenter();
      touched = true;
      map.panTo(c, { animate: false });
      sets[current.set].group.openTooltip(c);
      sets[current.set].group.getTooltip().setLatLng(c).setContent(tip(current.tips.labels, current.tips.rows[at]));
    });
  }
  host.setAttribute("tabindex", "0");
  host.setAttribute("role", "region");
  host.setAttribute("aria-label", scene.alt);
  map.on("mousedown wheel keydown dragstart", function () { touched = true; });
  L.DomEvent.on(host, "wheel", function () { touched = true; });
  host.querySelectorAll(".leaflet-control-zoom a").forEach(function (a) {
    a.addEventListener("click", function () { touched = true; });
  });
  map.on("zoomend viewreset resize", redraw);
  map.on("moveend", placeLabels);
  function refit() { map.invalidateSize({ pan: false }); fit(); bar(); redraw(); }
  refit();
  if (root.ResizeObserver) { new ResizeObserver(refit).observe(host); }
  tellHeight(wrap);
  wrap.classList.add("gi-ready");
  wrap.setAttribute("data-gi-ready", "1");
  map.gi = { forward: world.forward, inverse: world.inverse, arrowRing: arrowRing, fitted: function () { return fitted; } };
  return map;
}

/* A map that cannot be drawn gives way to its static twin. */
function guarded(id, scene) {
  try { return (root.geoinno.maps[id] = mount(id, scene)); } catch (error) {
    var wrap = document.getElementById(id).closest(".gi-sheet");
    wrap.classList.remove("gi-live");
    root.console.error(error);
    return null;
  }
}
/* Maps side by side move together: whichever the reader moves leads. */
function link(ids) {
  var maps = ids.map(function (id) { return root.geoinno.maps[id]; }).filter(Boolean), leading = false;
  maps.forEach(function (map) {
    map.on("move", function () {
      if (leading) { return; }
      leading = true;
      maps.forEach(function (other) {
        if (other !== map) { other.setView(map.getCenter(), map.getZoom(), { animate: false }); }
      });
      leading = false;
    });
  });
}
root.geoinno = {
  mount: guarded, link: link, maps: {},
  parts: {
    projections: projections, decode: decode, greatCircle: greatCircle, element: element, tip: tip, measure: measure,
    hatchTile: hatchTile, settle: settle, panel: panel, showLegend: showLegend, resizeLegend: resizeLegend, tellHeight: tellHeight
  }
};
})(window);

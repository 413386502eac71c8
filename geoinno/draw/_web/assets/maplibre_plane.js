/* Maps too large for Leaflet: the same scene on the graphics card, through MapLibre GL.

   MapLibre knows one projection. The scene is in metres of its own projection, so a square around
   it is laid onto MapLibre's square world: what it takes for Mercator is our plane, undistorted. */
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
/* on a globe places are degrees, and zoom is that of a sphere */
function makeGlobe(crs) {
  var p = P.projections[crs.type](crs);
  return {
    place: function (x, y) { return p.inverse(x, y); },
    metres: function (at) { return p.forward(at.lng, at.lat); },
    zoom: function (pxPerMetre) { return Math.log(pxPerMetre * 2 * Math.PI * 6378137 / TILE) / Math.LN2; },
    isGlobe: true
  };
}
/* whether a place is on the side of the globe that the reader sees */
function faces(state, p) {
  return !state.plane.isGlobe || !state.map.transform.isLocationOccluded(new root.maplibregl.LngLat(p[0], Math.max(-90, Math.min(90, p[1]))));
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

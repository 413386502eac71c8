/* Hatches and dots: as SVG patterns, and as tiles for canvas. */
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

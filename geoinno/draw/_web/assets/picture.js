/* The map as it stands, with its words, as SVG or PNG: what is on the page is written again as one drawing. */
var SVG = "http://www.w3.org/2000/svg";
function svgNode(name, attributes, text) {
  var node = document.createElementNS(SVG, name);
  Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
  if (text !== undefined) { node.textContent = text; }
  return node;
}
function boxIn(e, frame) {
  var r = e.getBoundingClientRect();
  return { x: r.left - frame.left, y: r.top - frame.top, width: r.width, height: r.height };
}
function isSeen(e) {
  var style = root.getComputedStyle(e), r = e.getBoundingClientRect();
  return style.visibility !== "hidden" && style.display !== "none" && r.width > 0 && r.height > 0;
}
/* each line of a text where the page has it */
function writeText(svg, node, frame) {
  var style = root.getComputedStyle(node.parentElement), range = document.createRange(), lines = [], i, box, last;
  for (i = 0; i < node.data.length; i++) {
    range.setStart(node, i); range.setEnd(node, i + 1);
    box = range.getBoundingClientRect();
    last = lines[lines.length - 1];
    if (last && Math.abs(box.top - last.top) < 3) { last.text += node.data[i]; }
    else if (box.width) { lines.push({ text: node.data[i], left: box.left, top: box.top, height: box.height }); }
  }
  lines.forEach(function (line) {
    var halo = style.webkitTextStrokeWidth && parseFloat(style.webkitTextStrokeWidth) ? { stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" } : {};
    svg.appendChild(svgNode("text", Object.assign({
      x: (line.left - frame.left).toFixed(1), y: (line.top - frame.top + line.height * 0.79).toFixed(1), "font-size": style.fontSize,
      "font-weight": style.fontWeight, "font-family": "DejaVu Sans, Verdana, sans-serif", fill: style.color
    }, halo), line.text.trim()));
  });
}
function writeDrawing(svg, drawing, frame) {
  var box = boxIn(drawing, frame), copy = drawing.cloneNode(true);
  copy.removeAttribute("class"); copy.removeAttribute("style");
  ["x", "y", "width", "height"].forEach(function (key) { copy.setAttribute(key, box[key].toFixed(2)); });
  keepColours(drawing, copy);
  svg.appendChild(copy);
}
/* what the style of the page colours, as it does in the dark */
function keepColours(drawing, copy) {
  var chosen = drawing.closest(".gi-side") ? "*" : ".gi-land,.gi-lake,.gi-inset,.gi-node", copies = copy.querySelectorAll(chosen);
  drawing.querySelectorAll(chosen).forEach(function (part, i) {
    var style = root.getComputedStyle(part);
    ["fill", "stroke"].forEach(function (name) { copies[i].setAttribute(name, style[name]); });
  });
}
/* hatches and dots, which the map and its legend refer to */
function writePatterns(svg, host) {
  host.querySelectorAll("svg > defs").forEach(function (defs) { svg.appendChild(defs.cloneNode(true)); });
}
function writeCanvas(svg, canvas, frame) {
  svg.appendChild(svgNode("image", Object.assign(boxIn(canvas, frame), { href: canvas.toDataURL("image/png"), preserveAspectRatio: "none" })));
}
/* what lies in a part of the page, from the bottom up */
function writePart(svg, part, frame, skipped) {
  var walker = document.createTreeWalker(part, 5), node = walker.nextNode();
  while (node) {
    var e = node.nodeType === 3 ? node.parentElement : node;
    if (e.closest(skipped) || e.closest("svg") !== (node.nodeName === "svg" ? node : null) || !isSeen(e)) { node = walker.nextNode(); continue; }
    if (node.nodeType === 3) { if (node.data.trim()) { writeText(svg, node, frame); } }
    else if (node.nodeName === "svg") { writeDrawing(svg, node, frame); }
    else if (node.nodeName === "CANVAS") { writeCanvas(svg, node, frame); }
    node = walker.nextNode();
  }
}
function pictureOf(state) {
  var wrap = state.wrap, frame = wrap.getBoundingClientRect(), host = boxIn(state.host, frame), foot = boxIn(wrap.querySelector(".gi-foot"), frame);
  var height = Math.ceil(foot.y + foot.height + 8), width = Math.ceil(frame.width), ground = root.getComputedStyle(wrap).backgroundColor;
  var svg = svgNode("svg", { xmlns: SVG, width: width, height: height, viewBox: "0 0 " + width + " " + height });
  var clip = svgNode("clipPath", { id: "gi-clip" }), inside = svgNode("g", { "clip-path": "url(#gi-clip)" });
  svg.appendChild(svgNode("rect", { width: width, height: height, fill: ground }));
  clip.appendChild(svgNode("rect", host));
  svg.appendChild(clip);
  writePatterns(svg, state.host);
  inside.appendChild(svgNode("rect", Object.assign({ fill: root.getComputedStyle(state.host).backgroundColor }, host)));
  svg.appendChild(inside);
  panesOf(state).forEach(function (pane) { writePart(inside, pane, frame, ".gi-tip"); });
  inside.appendChild(svgNode("rect", Object.assign({ fill: "none", stroke: "#8c8c8c" }, host)));
  writeScale(inside, state.host.querySelector(".gi-scale"), frame);
  [".gi-title", ".gi-subtitle", ".gi-side", ".gi-foot"].forEach(function (name) {
    var part = wrap.querySelector(name);
    if (part) { writePart(svg, part, frame, ".gi-pick,.gi-find,.gi-found,.gi-depth"); }
  });
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + new root.XMLSerializer().serializeToString(svg);
}
/* the panes of a map in the order in which they lie */
function panesOf(state) {
  var panes = Array.prototype.slice.call(state.host.querySelectorAll(".leaflet-pane > .leaflet-pane"));
  panes.sort(function (a, b) { return (+root.getComputedStyle(a).zIndex || 0) - (+root.getComputedStyle(b).zIndex || 0); });
  return panes.length ? panes : [state.host];
}
function writeScale(svg, bar, frame) {
  if (!bar || !isSeen(bar)) { return; }
  var b = boxIn(bar, frame);
  svg.appendChild(svgNode("path", { d: "M" + b.x + " " + b.y + "v" + b.height + "h" + b.width + "v" + -b.height, fill: "none", stroke: root.getComputedStyle(bar).borderBottomColor, "stroke-width": 1.5 }));
  writePart(svg, bar, frame, ".gi-none");
}
/* twice the size of the screen, for slides and papers */
function pngOf(text, done) {
  var image = new root.Image(), address = root.URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  image.onload = function () {
    var canvas = document.createElement("canvas");
    canvas.width = 2 * image.width; canvas.height = 2 * image.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    root.URL.revokeObjectURL(address);
    canvas.toBlob(done, "image/png");
  };
  image.src = address;
}

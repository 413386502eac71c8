/* What stands around and upon a map: tooltips, scale, labels, switches, legend. */
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
/* a word of the sheet around an element, in the language of the sheet */
function word(inside, key) {
  var sheet = inside.closest(".gi-sheet");
  return sheet ? sheet.getAttribute("data-" + key) : "";
}
function grouped(n) { return n.toLocaleString("en").replace(/,/g, "\u202f"); }
/* a bar of a round length, where a pixel is so many metres */
function measure(box, metres, width) {
  if (!isFinite(metres) || metres <= 0) { return; }
  var most = Math.min(130, 0.19 * width) * metres / 1000, power = Math.pow(10, Math.floor(Math.log(most) / Math.LN10)), lead = most / power;
  var km = (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
  box.textContent = km < 1 ? km * 1000 + " " + word(box, "m") : grouped(km) + " " + word(box, "km");
  box.style.width = Math.round(km * 1000 / metres) + "px";
  box.setAttribute("data-km", km);
}
/* the important first, each in the best free place around its node; those without room wait for another zoom */
var spots = [[1, 0], [0.75, -0.75], [0.75, 0.75], [-1, 0], [-0.75, -0.75], [-0.75, 0.75], [0, -1], [0, 1]];
function meet(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }
function settle(labels, taken, size) {
  labels.forEach(function (label) {
    var text = label[0], own = label[1], c = taken[own];
    var x = (c[0] + c[2]) / 2, y = (c[1] + c[3]) / 2, reach = (c[2] - c[0]) / 2 + 4, w = text.offsetWidth, h = text.offsetHeight;
    var found = spots.some(function (p) {
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
function panel(wrap, choose, toggle) {
  wrap.querySelectorAll("input[data-pick]").forEach(function (input) {
    input.addEventListener("change", function () { choose(+input.value); });
  });
  wrap.querySelectorAll("input[data-slide]").forEach(function (input) {
    var names = JSON.parse(input.getAttribute("data-names"));
    input.addEventListener("input", function () {
      choose(+input.value);
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
function reportHeight(wrap) {
  if (root.parent === root || !root.ResizeObserver) { return; }
  new ResizeObserver(function () {
    root.parent.postMessage({ geoinno: "height", height: Math.ceil(wrap.getBoundingClientRect().height) }, "*");
  }).observe(wrap);
}

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
  /* words that are longer than the bar stand beside it; in the corner at the right they need room there */
  box.style.textIndent = "";
  var words = document.createRange(), room, beside;
  words.selectNodeContents(box);
  room = words.getBoundingClientRect().width;
  beside = room > box.clientWidth - 8;
  box.style.textIndent = beside ? box.clientWidth + 6 + "px" : "";
  box.style.marginRight = beside && box.matches(".gi-at-right,.leaflet-right *") ? Math.ceil(room) + 16 + "px" : "";
  box.setAttribute("data-km", km);
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
/* the legend's arrows, lines and circles, as large as those on the map */
function resizeLegend(wrap, factor) {
  wrap.querySelectorAll(".gi-line").forEach(function (svg) {
    svg.firstElementChild.setAttribute("stroke-width", (+svg.getAttribute("data-w") * factor).toFixed(2));
  });
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

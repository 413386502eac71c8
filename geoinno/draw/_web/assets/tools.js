/* The buttons above a map: home, the whole screen, dark or light, and the map as a file. */
function named(state, ending) {
  var title = state.wrap.querySelector(".gi-title").textContent.trim().toLowerCase();
  return (title.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 60) || "map") + "." + ending;
}
function handOut(state, content, ending) {
  var anchor = document.createElement("a"), address = root.URL.createObjectURL(content);
  anchor.href = address;
  anchor.download = named(state, ending);
  anchor.click();
  /* a browser may take its time to read it */
  setTimeout(function () { root.URL.revokeObjectURL(address); }, 40000);
}
var MAKERS = {
  csv: function (state) { handOut(state, new Blob([csvOf(state)], { type: "text/csv" }), "csv"); },
  svg: function (state) { state.still(function () { handOut(state, new Blob([pictureOf(state)], { type: "image/svg+xml" }), "svg"); }); },
  png: function (state) {
    state.still(function () { pngOf(pictureOf(state), function (content) { handOut(state, content, "png"); }); });
  }
};
function connectTools(state) {
  var bar = state.wrap.querySelector(".gi-tools"), menu = bar && bar.querySelector("details");
  if (!bar) { return; }
  function on(name, act) {
    var button = bar.querySelector("[data-tool=" + name + "]");
    if (button) { button.addEventListener("click", function () { act(button); }); }
  }
  on("home", function () { state.home(); showAll(state); hideTip(state); });
  on("screen", function () { wholeScreen(state); });
  /* some phones have no whole screen for pages, and some pages forbid it to what they frame */
  bar.querySelector("[data-tool=screen]").hidden = !document.fullscreenEnabled;
  on("dark", function (button) {
    var dark = !isDark(state.wrap);
    state.wrap.classList.toggle("gi-dark", dark);
    state.wrap.classList.toggle("gi-light", !dark);
    button.setAttribute("aria-pressed", dark);
    dress(state);
  });
  Object.keys(MAKERS).forEach(function (name) { on(name, function () { menu.open = false; MAKERS[name](state); }); });
  document.addEventListener("pointerdown", function (e) { if (!menu.contains(e.target)) { menu.open = false; } });
  menu.addEventListener("keydown", function (e) { if (e.key === "Escape") { menu.open = false; menu.firstElementChild.focus(); } });
  bar.querySelector("[data-tool=dark]").setAttribute("aria-pressed", isDark(state.wrap));
  if (root.matchMedia) { root.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { dress(state); }); }
  dress(state);
}
function isDark(wrap) {
  var list = wrap.classList, system = root.matchMedia && root.matchMedia("(prefers-color-scheme: dark)").matches;
  return list.contains("gi-dark") || (list.contains("gi-auto") && !list.contains("gi-light") && system);
}
/* the page around a map that fills it is as dark as the map */
function dress(state) {
  document.body.classList.toggle("gi-night", document.body.classList.contains("gi-standalone") && isDark(state.wrap));
  if (state.recolour) { state.recolour(isDark(state.wrap)); }
}
function wholeScreen(state) {
  if (document.fullscreenElement) { document.exitFullscreen(); }
  else if (state.wrap.requestFullscreen) { state.wrap.requestFullscreen().catch(function () {}); }
}

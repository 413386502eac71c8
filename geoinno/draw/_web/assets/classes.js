/* The legend answers: a class under the pointer stands out, and those that are pressed are shown alone. */
function keysOf(state) {
  return Array.prototype.slice.call(state.wrap.querySelectorAll("[data-view]:not([hidden]) [data-code]"));
}
function pressed(state) {
  return keysOf(state).filter(function (key) { return key.getAttribute("aria-pressed") === "true"; }).map(function (key) {
    return +key.getAttribute("data-code");
  });
}
function showPressed(state) {
  var chosen = pressed(state);
  state.emphasise(chosen.length ? chosen : null);
}
function showAll(state) {
  keysOf(state).forEach(function (key) { key.setAttribute("aria-pressed", "false"); });
  state.emphasise(null);
}
function connectLegend(state) {
  state.wrap.querySelectorAll("[data-code]").forEach(function (key) {
    key.addEventListener("click", function () {
      key.setAttribute("aria-pressed", key.getAttribute("aria-pressed") !== "true");
      showPressed(state);
    });
    ["mouseenter", "focus"].forEach(function (name) {
      key.addEventListener(name, function () { if (!pressed(state).length) { state.emphasise([+key.getAttribute("data-code")]); } });
    });
    ["mouseleave", "blur"].forEach(function (name) { key.addEventListener(name, function () { showPressed(state); }); });
  });
}

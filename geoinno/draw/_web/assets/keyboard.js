/* One stop of the tab key for the map: arrows lead from region to region, Enter to what lies there, + and - zoom, shift and
   arrows move the map. */
var WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/* the nearest place ahead: what lies aside counts twice */
function ahead(places, from, way) {
  var best = -1, least = Infinity;
  places.forEach(function (p, i) {
    var dx = p[0] - from[0], dy = p[1] - from[1], on = dx * way[0] + dy * way[1], off = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    var far = on + 2 * off;
    if (on > 0 && off <= 2 * on && far < least) { least = far; best = i; }
  });
  return best;
}
function middleMost(places, size) {
  var best = -1, least = Infinity;
  places.forEach(function (p, i) {
    var far = Math.hypot(p[0] - size[0] / 2, p[1] - size[1] / 2);
    if (far < least) { least = far; best = i; }
  });
  return best;
}
function stepTo(state, way) {
  var places = placesOf(state).map(function (place) { var p = state.onScreen(place); return [p.x, p.y]; }), from = places[state.focused];
  var next = from ? ahead(places, from, way) : middleMost(places, [state.host.clientWidth, state.host.clientHeight]);
  if (next >= 0) { state.focused = next; state.turn = 0; state.reveal(stopsOf(state)[next]); }
}
/* the places, flows and borders of the region in turn, then the region again */
function turnTo(state) {
  var stop = stopsOf(state)[state.focused], here = stop ? [stop].concat(stopsAt(state, stop)) : [];
  if (!stop) { return; }
  state.turn = (state.turn + 1) % here.length;
  state.reveal(here[state.turn]);
}
var KEYS = {
  "+": function (state) { state.zoomBy(1); },
  "=": function (state) { state.zoomBy(1); },
  "-": function (state) { state.zoomBy(-1); },
  Home: function (state) { state.home(); },
  Enter: turnTo,
  Escape: function (state) { state.unmark(); hideTip(state); state.focused = -1; }
};
function connectKeyboard(state) {
  state.focused = -1;
  state.host.addEventListener("keydown", function (e) {
    var way = WAYS[e.key], act = KEYS[e.key];
    if ((e.target !== state.host && e.target.nodeName !== "CANVAS") || (!way && !act)) { return; }
    if (act) { act(state); }
    else if (e.shiftKey) { state.shift(way[0] * 80, way[1] * 80); }
    else { stepTo(state, way); }
    e.preventDefault();
    e.stopPropagation();
  }, true);
}
/* A page scrolls on over a map: only with ctrl does the wheel zoom, and only two fingers move the map, which says so. */
function mindPage(state) {
  var hint = state.host.parentElement.querySelector(".gi-hint"), timer, quiet = { capture: true, passive: true };
  function say() {
    if (!hint) { return; }
    hint.hidden = false;
    root.clearTimeout(timer);
    timer = setTimeout(function () { hint.hidden = true; }, 1200);
  }
  state.host.parentElement.addEventListener("wheel", function (e) {
    if (e.ctrlKey || e.metaKey || document.fullscreenElement) { return; }
    e.stopPropagation();
    say();
  }, quiet);
  state.host.addEventListener("touchmove", function (e) { if (e.touches.length === 1) { say(); } }, quiet);
}
/* the keys in words, for readers of the screen and, while the map has the focus, for all */
function describeKeys(state, stop) {
  var words = state.host.parentElement.querySelector(".gi-keys");
  if (words) { stop.setAttribute("aria-describedby", words.id); }
}

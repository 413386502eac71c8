/* A tap on a place shows its flows alone, and a tap elsewhere frees them. A finger is wider than a small place: the
   nearest place within its reach answers. */
var FINGER = 14, SLIP = 10;
function placeUnder(state, point) {
  var best = null, least = Infinity;
  state.scene.flows.forEach(function (spec, k) {
    if (!state.isVisible(k)) { return; }
    spec.nodes.forEach(function (node, i) {
      var p = state.onScreen([node.x, node.y]), far = Math.hypot(p.x - point.x, p.y - point.y);
      if (node.r && far <= Math.max(FINGER, node.r) && far < least) { least = far; best = { kind: "node", of: k, i: i }; }
    });
  });
  return best;
}
/* What a finger has marked goes when it is lifted after a tap: the mouse events that browsers send after it mark what it
   has touched. Not when it comes down: it may be about to scroll the page, or one of two that zoom. */
function connectFingers(state) {
  var down = null;
  document.addEventListener("pointerdown", function (e) {
    state.finger = e.pointerType === "touch";
    down = state.finger && e.isPrimary ? e : null;
  }, true);
  document.addEventListener("pointerup", function (e) {
    if (!down || e.pointerId !== down.pointerId || Math.hypot(e.clientX - down.clientX, e.clientY - down.clientY) > SLIP) { return; }
    state.unmark();
    hideTip(state);
  }, true);
  state.host.addEventListener("click", function (e) {
    var box = state.host.getBoundingClientRect(), point = { x: e.clientX - box.left, y: e.clientY - box.top };
    var stop = state.finger && !e.target.closest("button,a") ? placeUnder(state, point) : null;
    if (stop) { touchPlace(state, stop, point); }
  });
}
function touchPlace(state, stop, point) {
  var words = wordsOf(state, stop);
  state.unmark();
  state.mark(stop);
  showTip(state, words[0], words[1], point);
  announce(state, spoken(words[0], words[1]));
}

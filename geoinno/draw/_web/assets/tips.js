/* What a reader learns of one thing on the map: a box beside it that stays inside the map, and the same words
   for readers of the screen. `state` has the host of the map and a live element beside it. */
function showTip(state, labels, cells, point) {
  hideTip(state);
  state.tip = state.host.appendChild(element("div", "gi-tip gi-afloat"));
  state.tip.appendChild(tip(labels, cells));
  placeTip(state.tip, state.host, point);
}
function hideTip(state) {
  if (state.tip) { state.tip.remove(); state.tip = null; }
}
/* beside the pointer, on the other side where there is no room, and never beyond the edges of the map */
function placeTip(box, host, point) {
  var room = host.clientWidth - box.offsetWidth - 4, right = point.x + 12;
  var x = right > room ? point.x - 12 - box.offsetWidth : right;
  var y = Math.max(2, Math.min(point.y - box.offsetHeight / 2, host.clientHeight - box.offsetHeight - 2));
  box.style.transform = "translate(" + Math.max(4, Math.min(x, room)) + "px," + y + "px)";
}
function spoken(labels, cells) {
  return labels.map(function (label, i) {
    return cells[i] === null || cells[i] === "" || cells[i] === undefined ? "" : (label ? label + " " : "") + cells[i];
  }).filter(Boolean).join(", ");
}
function announce(state, words) {
  var live = state.wrap.querySelector(".gi-live-words");
  if (live) { live.textContent = words; }
}

/* The address of the page holds what is shown, so that a link shows the same: the view and, once the reader has
   moved the map, its place and zoom. A map nobody has moved fits any window. */
var MOST_WRITTEN = 80, written = 0, unwritten = null;
function addressParts() {
  var parts = {};
  root.location.hash.slice(1).split("&").forEach(function (part) {
    var pair = part.split("=");
    if (pair.length === 2) { parts[pair[0]] = pair[1]; }
  });
  return unwritten || parts;
}
function writeAddress(state) {
  var parts = addressParts(), id = state.host.id, seen;
  /* what the address asks for comes first: the map moves before it has read that */
  if (!state.addressed) { return; }
  /* so does a link that was followed a moment ago: the page hears of it a little later */
  if (parts[id] !== state.address) { readAddress(state); return; }
  if (state.touched) {
    seen = state.seen();
    parts[id] = [state.current, Math.round(seen.x), Math.round(seen.y), seen.zoom.toFixed(2)].join(",");
  }
  else if (state.current) { parts[id] = String(state.current); }
  else { delete parts[id]; }
  if (parts[id] !== state.address) { state.address = parts[id]; putAddress(parts); }
}
/* browsers stop a page that changes its address a hundred times in half a minute; the last change waits then */
function putAddress(parts) {
  var words = Object.keys(parts).map(function (key) { return key + "=" + parts[key]; }).join("&");
  if (written >= MOST_WRITTEN) { unwritten = parts; return; }
  unwritten = null;
  written += 1;
  root.setTimeout(function () {
    written -= 1;
    if (unwritten) { putAddress(unwritten); }
  }, 30000);
  /* a map inside another page has no address of its own */
  try { root.history.replaceState(null, "", "#" + words); } catch (error) { written = Boolean(error) && MOST_WRITTEN; }
}
function readAddress(state) {
  var found = addressParts()[state.host.id], numbers = found ? found.split(",").map(Number) : [];
  state.addressed = true;
  state.address = found;
  if ((numbers.length !== 1 && numbers.length !== 4) || !numbers.every(isFinite)) { return; }
  if (numbers.length === 4) { state.go(nearFrame(state.scene.frame, numbers)); }
  if (numbers[0] !== state.current) { pickView(state.wrap, numbers[0]); }
}
/* a place that someone typed may lie anywhere, even where the projection has no degrees */
function nearFrame(f, numbers) {
  var w = f[2] - f[0], h = f[3] - f[1];
  return {
    x: Math.max(f[0] - w, Math.min(numbers[1], f[2] + w)), y: Math.max(f[1] - h, Math.min(numbers[2], f[3] + h)), zoom: numbers[3]
  };
}
function pickView(wrap, n) {
  var pick = wrap.querySelector("input[data-pick][value=\"" + n + "\"]") || wrap.querySelector("input[data-slide]");
  if (!pick) { return; }
  if (pick.type === "radio") { pick.checked = true; } else { pick.value = n; }
  pick.dispatchEvent(new root.Event(pick.type === "radio" ? "change" : "input"));
}
function followAddress(state) {
  readAddress(state);
  root.addEventListener("hashchange", function () { unwritten = null; readAddress(state); });
}

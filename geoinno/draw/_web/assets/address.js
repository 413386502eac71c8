/* The address of the page holds what is shown, so that a link shows the same: the view, the place and the zoom. */
function addressParts() {
  var parts = {};
  root.location.hash.slice(1).split("&").forEach(function (part) {
    var pair = part.split("=");
    if (pair.length === 2) { parts[pair[0]] = pair[1]; }
  });
  return parts;
}
function writeAddress(state) {
  var parts = addressParts(), seen = state.seen();
  parts[state.host.id] = [state.current, Math.round(seen.x), Math.round(seen.y), seen.zoom.toFixed(2)].join(",");
  putAddress(state, parts);
}
function forgetAddress(state) {
  var parts = addressParts();
  if (!parts[state.host.id]) { return; }
  delete parts[state.host.id];
  putAddress(state, parts);
}
function putAddress(state, parts) {
  var words = Object.keys(parts).map(function (key) { return key + "=" + parts[key]; }).join("&");
  /* a map inside another page has no address of its own */
  try { root.history.replaceState(null, "", "#" + words); } catch (error) { state.silent = Boolean(error); }
}
function readAddress(state) {
  var found = addressParts()[state.host.id], numbers = found ? found.split(",").map(Number) : [], pick;
  if (numbers.length !== 4 || numbers.some(isNaN)) { return; }
  pick = state.wrap.querySelector("input[data-pick][value=\"" + numbers[0] + "\"]") || state.wrap.querySelector("input[data-slide]");
  if (pick && numbers[0] > 0) {
    if (pick.type === "radio") { pick.checked = true; } else { pick.value = numbers[0]; }
    pick.dispatchEvent(new root.Event(pick.type === "radio" ? "change" : "input"));
  }
  state.go({ x: numbers[1], y: numbers[2], zoom: numbers[3] });
}

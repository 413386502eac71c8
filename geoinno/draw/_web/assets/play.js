/* Many times behind one slider: it plays on, from the first after the last. */
var BEAT = 900;
function connectPlay(wrap) {
  var button = wrap.querySelector("[data-play]"), slider = wrap.querySelector("input[data-slide]"), timer = null;
  if (!button) { return; }
  function stop() {
    root.clearInterval(timer); timer = null;
    button.setAttribute("aria-pressed", "false");
  }
  function step() {
    slider.value = +slider.value >= +slider.max ? 0 : +slider.value + 1;
    slider.dispatchEvent(new root.Event("input"));
    if (+slider.value >= +slider.max) { stop(); }
  }
  button.addEventListener("click", function () {
    if (timer) { stop(); return; }
    button.setAttribute("aria-pressed", "true");
    step();
    timer = root.setInterval(step, BEAT);
  });
}

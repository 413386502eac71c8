/* Popups of stock folium elements are built with jQuery's $(...)[0]; this is all they ask of it. */
window.$ = window.$ || window.jQuery || function (what) {
  if (typeof what === "string") {
    var box = document.createElement("template");
    box.innerHTML = what.trim();
    return [box.content.firstChild];
  }
  return { ready: function (f) { setTimeout(f, 0); }, 0: what };
};

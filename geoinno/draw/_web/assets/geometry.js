/* Geometry: letters to rings of places; encode.py writes what this reads. */
var letters = {};
"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("").forEach(function (c, i) {
  letters[c.charCodeAt(0)] = i;
});
function decode(text, scene, place) {
  var position = 0, x = 0, y = 0, shapes = [];
  function next() {
    var value = 0, shift = 1, d;
    do { d = letters[text.charCodeAt(position++)]; value += (d & 31) * shift; shift *= 32; } while (d & 32);
    return value;
  }
  function step() { var v = next(); return v % 2 ? -(v + 1) / 2 : v / 2; }
  while (position < text.length) {
    var parts = [], np = next();
    while (np--) {
      var rings = [], nr = next();
      while (nr--) {
        var ring = [], n = next();
        while (n--) {
          x += step(); y += step();
          ring.push(place(scene.corner[0] + x * scene.quantum, scene.corner[1] + y * scene.quantum));
        }
        rings.push(ring);
      }
      parts.push(rings);
    }
    shapes.push(parts);
  }
  return shapes;
}
/* the first ring of the first part of each shape: lines have no others */
function lineOf(parts) { return parts[0][0]; }
/* regions as they are drawn: those that lie on others last, the largest of these first */
function inOrder(shapes, stack) {
  var later = {};
  stack.forEach(function (i) { later[i] = true; });
  return shapes.filter(function (shape, i) { return !later[i]; }).concat(stack.map(function (i) { return shapes[i]; }));
}

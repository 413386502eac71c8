/* Arrows: the same ring as in print, where arrow.py draws it; y grows downwards here. */
function curve(a, b, k, t0, t1) {
  var dx = b[0] - a[0], dy = b[1] - a[1], cx = (a[0] + b[0]) / 2 + k * dy, cy = (a[1] + b[1]) / 2 - k * dx;
  var n = 64, pts = [], len = [0], i, t, u;
  for (i = 0; i <= n; i++) {
    t = i / n; u = 1 - t;
    pts.push([u * u * a[0] + 2 * u * t * cx + t * t * b[0], u * u * a[1] + 2 * u * t * cy + t * t * b[1]]);
    if (i) { len.push(len[i - 1] + Math.hypot(pts[i][0] - pts[i - 1][0], pts[i][1] - pts[i - 1][1])); }
  }
  var total = len[n], from = t0, to = total - t1;
  function along(s) {
    var lo = 0, hi = n, mid;
    while (hi - lo > 1) { mid = (lo + hi) >> 1; if (len[mid] <= s) { lo = mid; } else { hi = mid; } }
    var f = (s - len[lo]) / (len[hi] - len[lo] || 1);
    return [pts[lo][0] + f * (pts[hi][0] - pts[lo][0]), pts[lo][1] + f * (pts[hi][1] - pts[lo][1])];
  }
  return { free: to - from, from: from, to: to, along: along };
}
function arrowRing(a, b, k, w, t0, t1) {
  var c = curve(a, b, k, t0, t1);
  if (c.free < 5) { return null; }
  var hl = Math.max(8, Math.min(18, 1.6 * w + 5.5)), hw = w / 2 + Math.max(2.6, 0.3 * w);
  if (hl > 0.45 * c.free) { hw *= 0.45 * c.free / hl; hl = 0.45 * c.free; }
  var base = c.to - hl, steps = 24, left = [], right = [], i, s, p, q, dx, dy, d, h;
  for (i = 0; i <= steps; i++) {
    s = c.from + (base - c.from) * i / steps;
    p = c.along(Math.max(0, s - 0.01)); q = c.along(s + 0.01);
    dx = q[0] - p[0]; dy = q[1] - p[1]; d = Math.hypot(dx, dy) || 1;
    h = Math.max(Math.min(w, 1.2) / 2, w / 2 * (0.5 + 0.5 * i / steps));
    p = c.along(s);
    left.push([p[0] + dy / d * h, p[1] - dx / d * h]);
    right.push([p[0] - dy / d * h, p[1] + dx / d * h]);
  }
  var foot = c.along(base), end = c.along(c.to);
  dx = end[0] - foot[0]; dy = end[1] - foot[1]; d = Math.hypot(dx, dy) || 1;
  left.push([foot[0] + dy / d * hw, foot[1] - dx / d * hw]);
  right.push([foot[0] - dy / d * hw, foot[1] + dx / d * hw]);
  var mid = [];
  for (i = 0; i <= 12; i++) { mid.push(c.along(c.from + c.free * i / 12)); }
  return { ring: left.concat([end], right.reverse()), mid: mid };
}

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
/* the ring of an arrow; of a part of one, where `part` says which stretch of the taper it covers, and whether it has the head */
function arrowRing(a, b, k, w, t0, t1, part) {
  var c = curve(a, b, k, t0, t1), taper = part ? part.taper : [0, 1], headed = !part || part.head;
  if (c.free < 5) { return null; }
  var hl = headed ? Math.max(8, Math.min(18, 1.6 * w + 5.5)) : 0, hw = w / 2 + Math.max(2.6, 0.3 * w);
  /* however short, a head is wider than its shaft: else the arrow would be a lozenge without direction */
  if (hl > 0.45 * c.free) { hw = Math.max(hw * 0.45 * c.free / hl, w / 2 + 1.5); hl = 0.45 * c.free; }
  var base = c.to - hl, steps = 24, left = [], right = [], mid = [], i, s, p, q, dx, dy, d, h;
  for (i = 0; i <= steps; i++) {
    s = c.from + (base - c.from) * i / steps;
    p = c.along(Math.max(0, s - 0.01)); q = c.along(s + 0.01);
    dx = q[0] - p[0]; dy = q[1] - p[1]; d = Math.hypot(dx, dy) || 1;
    h = Math.max(Math.min(w, 1.2) / 2, w / 2 * (0.5 + 0.5 * (taper[0] + (taper[1] - taper[0]) * i / steps)));
    p = c.along(s);
    left.push([p[0] + dy / d * h, p[1] - dx / d * h]);
    right.push([p[0] - dy / d * h, p[1] + dx / d * h]);
  }
  if (headed) {
    var foot = c.along(base), end = c.along(c.to);
    dx = end[0] - foot[0]; dy = end[1] - foot[1]; d = Math.hypot(dx, dy) || 1;
    left.push([foot[0] + dy / d * hw, foot[1] - dx / d * hw], end);
    right.push([foot[0] - dy / d * hw, foot[1] + dx / d * hw]);
  }
  for (i = 0; i <= 12; i++) { mid.push(c.along(c.from + c.free * i / 12)); }
  return { ring: left.concat(right.reverse()), mid: mid };
}
/* the parts of an arrow, in metres: one, or two where it leaves the map on one side and comes back on the other */
function legsOf(spec, arrow) {
  var a = spec.nodes[arrow.from], b = spec.nodes[arrow.to], over = arrow.over, share = over ? over.share : 1;
  var first = { from: [a.x, a.y], to: over ? over.leave : [b.x, b.y], k: arrow.k * share, start: arrow.start, end: over ? 0 : arrow.end, taper: [0, share], head: !over };
  if (!over) { return [first]; }
  return [first, { from: over.enter, to: [b.x, b.y], k: arrow.k * (1 - share), start: 0, end: arrow.end, taper: [share, 1], head: true }];
}
/* the longest part of an arrow: what is said of it stands there */
function mainLeg(spec, arrow) {
  function length(leg) { return Math.hypot(leg.to[0] - leg.from[0], leg.to[1] - leg.from[1]); }
  return legsOf(spec, arrow).sort(function (p, q) { return length(q) - length(p); })[0];
}

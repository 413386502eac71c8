/* Projections: metres to degrees and back, on the WGS84 ellipsoid (Snyder 1987, USGS Professional Paper 1395). */
var A = 6378137, F = 1 / 298.257223563, E2 = F * (2 - F), E = Math.sqrt(E2), D2R = Math.PI / 180;

function authalicQ(phi) {
  var s = Math.sin(phi), es = E * s;
  return (1 - E2) * (s / (1 - es * es) - Math.log((1 - es) / (1 + es)) / (2 * E));
}
function latitudeOfQ(q) {
  var beta = Math.asin(Math.max(-1, Math.min(1, q / authalicQ(Math.PI / 2))));
  var e4 = E2 * E2, e6 = e4 * E2;
  return beta + (E2 / 3 + 31 * e4 / 180 + 517 * e6 / 5040) * Math.sin(2 * beta) +
    (23 * e4 / 360 + 251 * e6 / 3780) * Math.sin(4 * beta) + 761 * e6 / 45360 * Math.sin(6 * beta);
}
function turned(lon, lon0) {
  var d = (lon - lon0) % 360;
  return d > 180 ? d - 360 : d < -180 ? d + 360 : d;
}
function parallelScale(phi) {
  var s = Math.sin(phi);
  return Math.cos(phi) / Math.sqrt(1 - E2 * s * s);
}

/* Albers: equal-area conic */
function albers(p) {
  var m1 = parallelScale(p.lat1 * D2R), m2 = parallelScale(p.lat2 * D2R);
  var q1 = authalicQ(p.lat1 * D2R), q2 = authalicQ(p.lat2 * D2R), q0 = authalicQ(p.lat0 * D2R);
  var n = Math.abs(q1 - q2) < 1e-12 ? Math.sin(p.lat1 * D2R) : (m1 * m1 - m2 * m2) / (q2 - q1);
  var C = m1 * m1 + n * q1, rho0 = A * Math.sqrt(C - n * q0) / n;
  return {
    forward: function (lon, lat) {
      var rho = A * Math.sqrt(Math.max(0, C - n * authalicQ(lat * D2R))) / n, t = n * turned(lon, p.lon0) * D2R;
      return [rho * Math.sin(t), rho0 - rho * Math.cos(t)];
    },
    inverse: function (x, y) {
      var dy = rho0 - y, s = n < 0 ? -1 : 1, rho = Math.sqrt(x * x + dy * dy) * s;
      var t = Math.atan2(s * x, s * dy), r = rho * n / A;
      return [p.lon0 + t / n / D2R, latitudeOfQ((C - r * r) / n) / D2R];
    }
  };
}
/* Lambert: equal-area azimuthal */
function azimuthal(p) {
  var qp = authalicQ(Math.PI / 2), Rq = A * Math.sqrt(qp / 2), phi0 = p.lat0 * D2R;
  var b0 = Math.asin(authalicQ(phi0) / qp), sb = Math.sin(b0), cb = Math.cos(b0);
  var D = cb < 1e-9 ? 1 : A * parallelScale(phi0) / (Rq * cb);
  return {
    forward: function (lon, lat) {
      var b = Math.asin(Math.max(-1, Math.min(1, authalicQ(lat * D2R) / qp))), l = turned(lon, p.lon0) * D2R;
      var c = Math.cos(b) * Math.cos(l), k = Rq * Math.sqrt(2 / Math.max(1e-9, 1 + sb * Math.sin(b) + cb * c));
      return [k * D * Math.cos(b) * Math.sin(l), k / D * (cb * Math.sin(b) - sb * c)];
    },
    inverse: function (x, y) {
      var rho = Math.sqrt(x * x / (D * D) + D * D * y * y);
      if (rho < 1e-9) { return [p.lon0, p.lat0]; }
      var ce = 2 * Math.asin(Math.min(1, rho / (2 * Rq))), sc = Math.sin(ce), cc = Math.cos(ce);
      var q = qp * (cc * sb + D * y * sc * cb / rho);
      var l = Math.atan2(x * sc, D * rho * cb * cc - D * D * y * sb * sc);
      return [p.lon0 + l / D2R, latitudeOfQ(q) / D2R];
    }
  };
}
/* Equal Earth: Savric, Patterson and Jenny 2019, doi:10.1080/13658816.2018.1504949 */
function equalEarth(p) {
  var qp = authalicQ(Math.PI / 2), R = A * Math.sqrt(qp / 2), M = Math.sqrt(3) / 2;
  function height(t) { var t2 = t * t, t6 = t2 * t2 * t2; return t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2)); }
  function slope(t) { var t2 = t * t, t6 = t2 * t2 * t2; return 1.340264 - 0.243318 * t2 + t6 * (0.006251 + 0.034164 * t2); }
  return {
    forward: function (lon, lat) {
      var t = Math.asin(Math.max(-1, Math.min(1, M * authalicQ(lat * D2R) / qp)));
      return [R * turned(lon, p.lon0) * D2R * Math.cos(t) / (M * slope(t)), R * height(t)];
    },
    inverse: function (x, y) {
      var t = y / R, i;
      for (i = 0; i < 12; i++) { t -= (height(t) - y / R) / slope(t); }
      var q = qp * Math.max(-1, Math.min(1, Math.sin(t) / M));
      return [p.lon0 + M * x * slope(t) / (R * Math.cos(t)) / D2R, latitudeOfQ(q) / D2R];
    }
  };
}
/* any other projection: between the corners of a grid that was projected beforehand */
function gridded(p) {
  var n = p.n, w = (p.lon[1] - p.lon[0]) / (n - 1), h = (p.lat[1] - p.lat[0]) / (n - 1);
  function forward(lon, lat) {
    var u = (p.lon0 + turned(lon, p.lon0) - p.lon[0]) / w, v = (lat - p.lat[0]) / h;
    var i = Math.max(0, Math.min(n - 2, Math.floor(u))), j = Math.max(0, Math.min(n - 2, Math.floor(v)));
    var s = u - i, t = v - j, a = j * n + i, b = a + n;
    function mix(z) { return (1 - t) * ((1 - s) * z[a] + s * z[a + 1]) + t * ((1 - s) * z[b] + s * z[b + 1]); }
    return [mix(p.x), mix(p.y)];
  }
  return {
    forward: forward,
    /* Newton's steps: the grid has no inverse of its own */
    inverse: function (x, y) {
      var lon = p.lon0, lat = (p.lat[0] + p.lat[1]) / 2, d = 1e-3, i, f, fx, fy, det;
      for (i = 0; i < 12; i++) {
        f = forward(lon, lat); fx = forward(lon + d, lat); fy = forward(lon, lat + d);
        var a = (fx[0] - f[0]) / d, b = (fy[0] - f[0]) / d, c = (fx[1] - f[1]) / d, e = (fy[1] - f[1]) / d;
        det = a * e - b * c;
        if (!det) { break; }
        lon += (e * (x - f[0]) - b * (y - f[1])) / det;
        lat = Math.max(-89.9, Math.min(89.9, lat + (a * (y - f[1]) - c * (x - f[0])) / det));
      }
      return [lon, lat];
    }
  };
}
var projections = { aea: albers, laea: azimuthal, eqearth: equalEarth, grid: gridded };

/* online tiles are cut on a sphere */
var mercator = {
  forward: function (lon, lat) { return [A * lon * D2R, A * Math.log(Math.tan(Math.PI / 4 + lat * D2R / 2))]; },
  inverse: function (x, y) { return [x / A / D2R, (2 * Math.atan(Math.exp(y / A)) - Math.PI / 2) / D2R]; }
};
function greatCircle(a, b) {
  var p = a.lat * D2R, q = b.lat * D2R, h = Math.pow(Math.sin((q - p) / 2), 2) +
    Math.cos(p) * Math.cos(q) * Math.pow(Math.sin((b.lng - a.lng) * D2R / 2), 2);
  return 12742017.6 * Math.asin(Math.min(1, Math.sqrt(h)));
}

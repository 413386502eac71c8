var L = root.L;

/* The scene as a CRS of Leaflet. A place knows its metres, and works out its degrees when they are needed. */
function makeCrs(spec, unit, tiled) {
  var p = tiled ? mercator : projections[spec.type](spec), half = tiled ? Math.PI * A : 0;
  var density = tiled ? 128 / half : 1 / (unit * 16);
  function Place(x, y) { this.x = x; this.y = y; }
  Place.prototype = Object.create(L.LatLng.prototype, {
    degrees: { get: function () { return this.d || (this.d = p.inverse(this.x, this.y)); } },
    lat: { get: function () { return this.degrees[1]; } },
    lng: { get: function () { return this.degrees[0]; } }
  });
  var projection = {
    project: function (ll) {
      if (ll instanceof Place) { return new L.Point(ll.x, ll.y); }
      var m = p.forward(ll.lng, ll.lat);
      return new L.Point(m[0], m[1]);
    },
    /* its degrees would lead back to the other side of the map from beyond its edge */
    unproject: function (pt) { return new Place(pt.x, pt.y); },
    bounds: L.bounds([-3e7, -3e7], [3e7, 3e7])
  };
  return {
    place: function (x, y) { return new Place(x, y); },
    inverse: p.inverse,
    forward: p.forward,
    crs: L.extend({}, L.CRS, {
      projection: projection,
      transformation: new L.Transformation(1, half, -1, half),
      scale: function (z) { return Math.pow(2, z) * density; },
      zoom: function (s) { return Math.log(s / density) / Math.LN2; },
      infinite: true,
      distance: greatCircle
    })
  };
}
function scaleBar(map, corner) {
  var bar = L.control({ position: "bottom" + corner });
  bar.onAdd = function () {
    this.box = element("div", "gi-scale");
    return this.box;
  };
  bar.addTo(map);
  function update() {
    var size = map.getSize(), y = size.y / 2, x = size.x / 2;
    if (!size.x || !size.y) { return; }
    measure(bar.box, greatCircle(map.containerPointToLatLng([x - 50, y]), map.containerPointToLatLng([x + 50, y])) / 100, size.x);
  }
  map.on("zoomend moveend resize", update);
  return update;
}

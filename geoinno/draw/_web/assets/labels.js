/* Names beside their nodes: the important first, each in the best free place, in one line or two; the first of them may stand
   farther out, at the end of a line. Those without room wait for another zoom. */
var PLACES = [[1, 0], [0.75, -0.75], [0.75, 0.75], [-1, 0], [-0.75, -0.75], [-0.75, 0.75], [0, -1], [0, 1]];
var FAR = [0, 14, 28], MOST_LED = 20, ROOM_LED = 30000, LONG = 12, EDGE = 2, STEPS = [0.2, 0.4, 0.6, 0.8, 1];
/* names break at blanks, and after hyphens within */
var BREAK = /(?<=\S) (?=\S)|(?<=[\p{L}\p{N}_])-(?=[\p{L}\p{N}_])/gu;
function meet(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }
function within(b, frame) { return b[0] >= frame[0] && b[1] >= frame[1] && b[2] <= frame[2] && b[3] <= frame[3]; }

/* `labels` are a text and the box of its node among `room.taken`; `room` has also the size of the map, `insets` (a box and
   that of its label), and `spared`: points that names had better not hide */
function settle(labels, room) {
  var led = Math.min(MOST_LED, room.size.x * room.size.y / ROOM_LED);
  labels.forEach(function (label, rank) {
    var text = label[0], own = label[1], node = nodeOf(room.taken[own], room), best = null;
    var others = room.taken.filter(function (box) { return !isAround(box, node); }).concat(node.closed);
    (rank < led ? FAR : [0]).some(function (far) {
      best = bestPlace(formsOf(text), node, { others: others, spared: room.spared || [], far: far });
      return best;
    });
    text.style.visibility = best ? "" : "hidden";
    write(text, best ? best.lines : [text.words]);
    leadTo(text, best);
    if (best) {
      room.taken = room.taken.concat([best.box], best.line);
      text.style.transform = "translate(" + best.dx.toFixed(1) + "px," + best.dy.toFixed(1) + "px)";
    }
  });
}
/* circles around one place, as of a pole that has flows too, are one: the largest */
function isAround(box, node) { return Math.abs(box[0] + box[2] - 2 * node.x) < 1 && Math.abs(box[1] + box[3] - 2 * node.y) < 1; }
/* a node, the frame its name stays in, and the boxes its name stays out of: one in an inset stays there, and clear of its label */
function nodeOf(c, room) {
  var x = (c[0] + c[2]) / 2, y = (c[1] + c[3]) / 2, size = room.size, frame = [EDGE, EDGE, size.x - EDGE, size.y - EDGE], closed = [];
  (room.insets || []).forEach(function (inset) {
    if (meet(inset.box, [x, y, x, y])) { frame = inset.box; } else { closed.push(inset.box); }
    closed.push(inset.label);
  });
  var around = room.taken.filter(function (box) { return isAround(box, { x: x, y: y }); });
  var widths = around.map(function (box) { return box[2] - box[0]; });
  return { x: x, y: y, r: Math.max.apply(null, widths) / 2, frame: frame, closed: closed };
}
/* a name in one line or two, its words unchanged */
function write(text, lines) {
  text.textContent = lines[0];
  lines.slice(1).forEach(function (line) {
    text.appendChild(element("br"));
    text.appendChild(document.createTextNode(line));
  });
}
/* a name as it is, and in two lines of much the same length if it is long, each with its size */
function formsOf(text) {
  if (text.forms && text.forms[0].h) { return text.forms; }
  text.words = text.words || text.textContent;
  var words = text.words, middle = -1;
  if (words.length > LONG) {
    words.replace(BREAK, function (found, at) {
      var end = at + found.length;
      if (middle < 0 || Math.abs(end - words.length / 2) < Math.abs(middle - words.length / 2)) { middle = end; }
      return found;
    });
  }
  text.forms = (middle > 0 ? [[words], [words.slice(0, middle), words.slice(middle)]] : [[words]]).map(function (lines) {
    write(text, lines);
    return { lines: lines, w: text.offsetWidth + 1, h: text.offsetHeight + 1 };
  });
  return text.forms;
}
function bestPlace(forms, node, room) {
  var best = null, reach = node.r + 4 + room.far;
  forms.forEach(function (form, broken) {
    PLACES.forEach(function (p, later) {
      var hang = p[0] > 0 ? 0 : p[0] < 0 ? 1 : 0.5, dx = p[0] * reach - hang * form.w;
      var dy = p[1] * (reach + (p[0] ? 0 : form.h / 2)) - form.h / 2, x = node.x + dx, y = node.y + dy, box = [x, y, x + form.w, y + form.h];
      var cost = 0.3 * broken + 0.1 * later, line = room.far ? lineTo(node, p, reach) : [];
      if (best && cost >= best.cost || !isFree(box, line, node.frame, room.others)) { return; }
      cost += 0.4 * Math.min(4, room.spared.filter(function (q) { return meet(box, [q.x, q.y, q.x, q.y]); }).length);
      if (!best || cost < best.cost) {
        best = { lines: form.lines, dx: dx, dy: dy, box: box, line: line, cost: cost, from: node.r, out: Math.hypot(p[0], p[1]) * reach, turn: Math.atan2(p[1], p[0]) };
      }
    });
  });
  return best;
}
/* small boxes along the line from a node to its name */
function lineTo(node, way, reach) {
  return STEPS.map(function (part) {
    var x = node.x + way[0] * part * reach, y = node.y + way[1] * part * reach;
    return [x - 2, y - 2, x + 2, y + 2];
  });
}
/* whether a box lies in its frame, and neither it nor the line to it meets what is taken */
function isFree(box, line, frame, others) {
  return within(box, frame) && !line.concat([box]).some(function (b) {
    return others.some(function (other) { return meet(b, other); });
  });
}
/* the line from a node to a name that stands farther out */
function leadTo(text, best) {
  var line = text.nextSibling, out = best && best.line.length ? best.out : 0;
  if (!line && out) { line = text.parentNode.appendChild(element("i", "gi-lead")); }
  if (!line) { return; }
  line.hidden = !out;
  if (out) {
    line.style.width = (out - best.from).toFixed(1) + "px";
    line.style.transform = "rotate(" + best.turn.toFixed(3) + "rad) translate(" + best.from.toFixed(1) + "px,-0.5px)";
  }
}

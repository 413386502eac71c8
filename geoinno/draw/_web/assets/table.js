/* The numbers behind the map: all of them, sortable, and as a file. */
var AT_ONCE = 400;
/* thousands are parted by blanks in every language, so that a comma is a decimal mark; `scales` are the words for
   millions, billions and trillions */
function numberIn(words, scales) {
  var text = String(words === null || words === undefined ? "" : words).replace(/[\u202f ](?=\d{3})/g, "").replace("\u2212", "-");
  var found = /^-?[\d.,]+/.exec(text), size = 1, longest = 0;
  if (!found) { return NaN; }
  scales.forEach(function (scale, i) {
    if (scale.length > longest && text.slice(found[0].length).trim().indexOf(scale) === 0) { longest = scale.length; size = Math.pow(1000, i + 2); }
  });
  return parseFloat(found[0].replace(",", ".")) * size;
}
/* numbers before words, what is missing last whichever way the column runs */
function ordered(a, b, down, scales) {
  var x = numberIn(a, scales), y = numberIn(b, scales), missing = (a === null || a === "") - (b === null || b === "");
  if (missing) { return missing; }
  if (isNaN(x) !== isNaN(y)) { return isNaN(x) - isNaN(y); }
  var by = isNaN(x) ? String(a).localeCompare(String(b)) : x - y;
  return down ? -by : by;
}
function tableData(state) {
  var view = state.scene.views[state.current], box = state.wrap.querySelector(".gi-scroll table");
  if (view && state.scene.lead === "fills") { return { labels: view.tips.labels, rows: view.tips.rows, numbers: view.numbers || {} }; }
  function cells(row) { return Array.prototype.map.call(row.cells, function (cell) { return cell.textContent; }); }
  state.fixed = state.fixed || (box ? { labels: cells(box.tHead.rows[0]), rows: Array.prototype.map.call(box.tBodies[0].rows, cells), numbers: {} } : null);
  return state.fixed;
}
function buildTable(state, column, down) {
  var data = tableData(state), place = state.wrap.querySelector(".gi-scroll"), table = element("table"), body, order, done = 0, more;
  var scales = state.wrap.getAttribute("data-scales").split("|");
  if (!data) { return; }
  order = data.rows.map(function (row, i) { return i; });
  if (column !== undefined) {
    var raw = data.numbers[data.labels[column]];
    order.sort(function (i, j) {
      return (raw ? ordered(raw[i], raw[j], down, scales) : ordered(data.rows[i][column], data.rows[j][column], down, scales)) || i - j;
    });
  }
  tableHead(state, table, data.labels, { column: column, down: down });
  body = table.appendChild(element("tbody"));
  function fill() {
    order.slice(done, done + AT_ONCE).forEach(function (i) {
      var row = body.appendChild(element("tr"));
      data.rows[i].forEach(function (cell) { row.appendChild(element("td", isNaN(numberIn(cell, scales)) ? "" : "gi-number", cell === null ? "" : cell)); });
    });
    done += AT_ONCE;
    more.hidden = done >= order.length;
  }
  more = element("button", "gi-more", state.wrap.getAttribute("data-more") + " (" + data.rows.length + ")");
  more.addEventListener("click", function () { while (done < order.length) { fill(); } });
  fill();
  place.replaceChildren(table, more);
}
function tableHead(state, table, labels, sorted) {
  var row = table.appendChild(element("thead")).appendChild(element("tr"));
  labels.forEach(function (label, i) {
    var cell = row.appendChild(element("th")), own = sorted.column === i;
    var button = cell.appendChild(element("button", "gi-sort", label || state.wrap.getAttribute("data-region")));
    cell.setAttribute("scope", "col");
    if (own) { cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending"); }
    button.addEventListener("click", function () {
      buildTable(state, i, own ? !sorted.down : false);
      state.wrap.querySelectorAll(".gi-sort")[i].focus();
    });
  });
}
/* a cell that a spreadsheet would take for a formula is text */
function csvCell(value) {
  var text = value === null || value === undefined ? "" : String(value);
  if (typeof value !== "number" && /^[=+\-@\t\r]/.test(text)) { text = "'" + text; }
  return /[",\n\r]/.test(text) ? "\"" + text.replace(/"/g, "\"\"") + "\"" : text;
}
function csvOf(state) {
  var data = tableData(state), view = state.scene.views[state.current], ids = view && state.scene.lead === "fills" ? state.scene.sets[view.set].ids : null;
  var head = data.labels.map(function (label) { return label || state.wrap.getAttribute("data-region"); });
  var lines = data.rows.map(function (row, i) {
    var cells = row.map(function (cell, k) {
      var raw = data.numbers[data.labels[k]];
      return raw ? raw[i] : typeof cell === "string" ? cell.replace(/\u202f/g, " ").replace(/\u2212/g, "-") : cell;
    });
    return (ids ? [ids[i]] : []).concat(cells).map(csvCell).join(",");
  });
  return "\ufeff" + [(ids ? ["id"] : []).concat(head).map(csvCell).join(",")].concat(lines).join("\r\n") + "\r\n";
}
function connectTable(state) {
  var box = state.wrap.querySelector("details.gi-table");
  state.refreshTable = function () { if (box && box.open) { buildTable(state); } };
  if (box) { box.addEventListener("toggle", state.refreshTable); }
}

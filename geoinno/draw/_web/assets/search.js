/* Search that forgives: accents, case, spaces, hyphens and alphabets do not count, q is k, ue is ü is u, and a slip or two is
   overlooked. */
var LATIN = {
  "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", q: "k"
};
/* Cyrillic of Slavic and Turkic languages and Tajik, and Greek, letter by letter; marks above letters are gone by then */
[["абвгґдезиіклмнопрстуфыэєјѕ", "abvggdeziiklmnoprstufyeejz"], ["әғқңөұүһҳҷ", "agknouuhhj"], ["αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo"]].forEach(function (pair) {
  pair[0].split("").forEach(function (letter, i) { LATIN[letter] = pair[1].charAt(i); });
});
["жzh", "хkh", "цts", "чch", "шsh", "щshch", "ъa", "ь", "юyu", "яya", "ђdj", "љlj", "њnj", "ћc", "џdz", "θth", "χch", "ψps"].forEach(function (sound) {
  LATIN[sound.charAt(0)] = sound.slice(1);
});
function plainName(text) {
  return text.normalize("NFD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "").replace(/ου/g, "ou").replace(/[^a-pr-z0-9]/g, function (letter) {
    return letter in LATIN ? LATIN[letter] : letter;
  }).replace(/([aou])e/g, "$1");
}
/* how many letters must change, or more than `most` */
function slips(a, b, most) {
  var before = [], now, i, j, least;
  if (Math.abs(a.length - b.length) > most) { return most + 1; }
  for (j = 0; j <= b.length; j++) { before.push(j); }
  for (i = 1; i <= a.length; i++) {
    now = [i]; least = i;
    for (j = 1; j <= b.length; j++) {
      now.push(Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
      least = Math.min(least, now[j]);
    }
    if (least > most) { return most + 1; }
    before = now;
  }
  return before[b.length];
}
/* how badly a name fits what was typed: 0 is the same, Infinity is another */
function misfit(wanted, name) {
  var most = wanted.length < 4 ? 0 : wanted.length < 10 ? 1 : 2, off;
  if (name === wanted) { return 0; }
  if (name.indexOf(wanted) === 0) { return 1; }
  if (name.indexOf(wanted) > 0) { return 2; }
  off = slips(wanted, name, most);
  return off <= most ? 2 + off : Infinity;
}
/* What a city is called elsewhere counts as a whole, and less than the names on the map: "León" is in Castilla y León
   before it is Lyon. */
var ELSEWHERE = 2.5;
function misfitElsewhere(wanted, others) {
  return others.split(" ").reduce(function (least, name) {
    var off = misfit(wanted, plainName(name));
    return off === 0 || off > 2 ? Math.min(least, ELSEWHERE + off) : least;
  }, Infinity);
}
/* Den Haag, La Haye, L'Aia: some lists of names have the article and some have not, and it counts for little */
var ARTICLE = /^(?:the|den|der|die|das|de|het|la|le|les|las|los|el|lo|gli|il|al|as|os|a|o)[\s\u2019'-]+(?=\S{3})|^(?:l|'s)[\u2019'-]+(?=\S{3})/i;
var WITHOUT = 0.3;
function misfitOf(wanted, one) {
  return Math.min(misfit(wanted, plainName(one[0])), one[2] ? misfitElsewhere(wanted, one[2]) : Infinity);
}
/* names is a list of [name, what, names elsewhere]; the answer is the best of them, or undefined */
function bestMatch(typed, names) {
  var wanted = plainName(typed), shorter = plainName(typed.trim().replace(ARTICLE, "")), best, least = Infinity;
  if (!wanted) { return undefined; }
  names.forEach(function (one) {
    var off = misfitOf(wanted, one);
    if (shorter !== wanted) { off = Math.min(off, misfitOf(shorter, one) + WITHOUT); }
    if (off < least) { least = off; best = one; }
  });
  return best;
}
/* all names of a view: of regions, of their cities and in their own language, and of places on top */
function searchNames(state) {
  var view = state.scene.views[state.current], names = [];
  if (view) {
    view.tips.rows.forEach(function (row, i) { names.push([row[0], { kind: "region", of: 0, i: i }]); });
    (state.scene.sets[view.set].aliases || []).forEach(function (alias) { names.push([alias[0], { kind: "region", of: 0, i: alias[1] }, alias[2]]); });
  }
  state.scene.flows.forEach(function (spec, k) {
    spec.labels.forEach(function (label) { names.push([label.text, { kind: "node", of: k, i: label.node }]); });
  });
  return names;
}
function connectSearch(state) {
  var input = state.wrap.querySelector("input[data-find]"), said = state.wrap.querySelector(".gi-found");
  if (!input) { return; }
  function look() {
    var found = bestMatch(input.value, searchNames(state));
    said.textContent = "";
    state.unmark();
    hideTip(state);
    if (!input.value.trim()) { return; }
    if (!found) { said.textContent = input.getAttribute("data-none"); return; }
    if (plainName(found[0]) !== plainName(input.value)) { said.textContent = found[0]; }
    state.reveal(found[1]);
    goOnFrom(state, found[1]);
  }
  input.addEventListener("change", look);
  input.addEventListener("keydown", function (e) { 
    if (e.key !== "Enter") { return; }
    look();
    /* on a phone the map may have been scrolled away */
    if (state.tip) { state.host.scrollIntoView({ block: "nearest" }); }
  });
}

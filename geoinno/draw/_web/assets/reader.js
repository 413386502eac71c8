/* All that a reader can do with a map, whichever way it is drawn; `state` says how each thing is done. */
function connectReader(state) {
  connectTable(state);
  connectSearch(state);
  connectLegend(state);
  connectTools(state);
  connectPlay(state.wrap);
  connectKeyboard(state);
  connectFingers(state);
  mindPage(state);
}

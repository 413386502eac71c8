/* A page on a machine that is very busy: whatever it leaves for later comes LATE milliseconds later, in the same order. */
(function () {
  const after = window.setTimeout.bind(window), forget = window.clearTimeout.bind(window);
  const frame = window.requestAnimationFrame.bind(window), drop = window.cancelAnimationFrame.bind(window);
  const Observer = window.ResizeObserver, listen = EventTarget.prototype.addEventListener, waiting = new Map();
  window.setTimeout = (act, wait = 0, ...given) => after(act, wait < 50 ? wait + LATE : wait, ...given);
  window.requestAnimationFrame = act => {
    const id = frame(() => waiting.set(id, after(() => { waiting.delete(id); act(performance.now()); }, LATE)));
    return id;
  };
  window.cancelAnimationFrame = id => { drop(id); forget(waiting.get(id)); waiting.delete(id); };
  window.ResizeObserver = class extends Observer {
    constructor(act) { super((...given) => after(() => act(...given), LATE)); }
  };
  /* what the browser tells a page of itself; what the reader does comes at once */
  const late = { hashchange: window, message: window, resize: window, toggle: HTMLDetailsElement, change: MediaQueryList };
  EventTarget.prototype.addEventListener = function (name, act, options) {
    const whose = late[name], ours = whose === window ? this === window : whose && this instanceof whose;
    return listen.call(this, name, ours ? event => { after(() => act.call(this, event), LATE); } : act, options);
  };
})();


(function () {
  var tip = null, shown = null;
  function texts(e) {
    var el = e.target.closest ? e.target.closest('svg *') : null;
    while (el) {
      if (el.tip) return el;
      var title = el.querySelector ? el.querySelector(':scope > title') : null;
      if (title) { el.tip = title.textContent; title.remove(); return el; }
      el = el.parentElement ? el.parentElement.closest('svg *') : null;
    }
    return null;
  }
  function hide() { if (tip) tip.remove(); tip = shown = null; }
  function show(e) {
    var el = texts(e);
    if (!el) return hide();
    if (el !== shown) {
      hide();
      shown = el;
      tip = document.createElement('div');
      tip.className = 'tip';
      tip.textContent = el.tip;
      document.body.append(tip);
    }
    var box = tip.getBoundingClientRect();
    var below = e.clientY + 18 + box.height > innerHeight;
    tip.style.left = Math.max(4, Math.min(e.clientX + 12, innerWidth - box.width - 4)) + 'px';
    tip.style.top = (below ? e.clientY - box.height - 10 : e.clientY + 18) + 'px';
  }
  document.addEventListener('pointermove', show);
  document.addEventListener('pointerdown', show);
  document.addEventListener('scroll', hide, true);
})();

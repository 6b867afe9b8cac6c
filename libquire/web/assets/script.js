'use strict';
// A keyboard for what the pages offer anyway; without this script everything still works.
(() => {
  const items = () => [...document.querySelectorAll('.repositories .name, .tree a, .commits .subject, .refs .name, .runs .name, .match, .file > summary')];
  const tab = (label) => [...document.querySelectorAll('.tabs a')].find((link) => link.textContent === label);
  const go = (link) => { if (link) location.assign(link.href); };
  const move = (step) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (next) { next.focus(); next.scrollIntoView({ block: 'nearest' }); }
  };
  const permalink = () => {
    const link = document.querySelector('.permalink');
    if (link) history.replaceState(null, '', link.getAttribute('href') + location.hash);
  };
  const search = () => {
    const field = document.querySelector('.filter input');
    if (field) field.focus(); else go(tab('search'));
  };
  // A tree comes at once; when each entry changed, which can take a moment, comes after it.
  const fill = async () => {
    const link = document.querySelector('.fill a');
    if (!link) return;
    const answer = await fetch(link.href);
    if (!answer.ok) return;
    const whole = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.tree');
    if (!whole) return;
    document.querySelector('.tree').replaceWith(document.adoptNode(whole));
    link.parentElement.remove();
  };
  const keys = {
    j: ['next', () => move(1)], k: ['previous', () => move(-1)], y: ['permalink', permalink], '/': ['search or filter', search],
    h: ['home', () => go(tab('home'))], f: ['files', () => go(tab('files'))], l: ['log', () => go(tab('log'))],
    u: ['repositories', () => go(document.querySelector('.mark'))], '?': ['these keys', () => help()],
  };
  function help() {
    let box = document.querySelector('dialog.keys');
    if (!box) {
      box = document.createElement('dialog');
      box.className = 'keys';
      box.setAttribute('aria-label', 'keys');
      const list = box.appendChild(document.createElement('dl'));
      for (const [key, [what]] of Object.entries(keys)) {
        list.appendChild(document.createElement('dt')).textContent = key;
        list.appendChild(document.createElement('dd')).textContent = what;
      }
      box.addEventListener('click', () => box.close());
      document.body.appendChild(box);
    }
    if (box.open) box.close(); else box.showModal();
  }
  fill().catch(() => {});
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key][1]();
  });
})();

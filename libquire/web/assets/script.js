'use strict';
// A keyboard for what the pages offer anyway; without this script everything still works.
(() => {
  const items = () => [...document.querySelectorAll('.repositories .name, .tree a, .commits .subject, .refs .name, .runs .name, .jobs .name, .match, .file > summary')];
  const tab = (label) => [...document.querySelectorAll('.tabs a')].find((link) => link.textContent === label);
  const go = (link) => { if (link) location.assign(link.href); };
  const move = (step) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (next) { next.focus(); next.scrollIntoView({ block: 'nearest' }); }
  };
  // From change to change of a diff, or from file to file.
  const step = (what, by) => {
    const all = [...document.querySelectorAll(what)];
    const margin = 60;
    const tops = all.map((one) => one.getBoundingClientRect().top);
    const next = by > 0 ? tops.findIndex((top) => top > margin + 2) : tops.findLastIndex((top) => top < margin - 12);
    if (next < 0) return;
    const file = all[next].closest('.file');
    if (file) file.open = true;
    scrollBy(0, all[next].getBoundingClientRect().top - margin + 6);
    if (what === '.file') all[next].querySelector('summary').focus({ preventScroll: true });
  };
  // Lines that did not change, or those of a folded file, come into their place; without this the page is fetched with them.
  const open = async (link) => {
    const file = link.closest('.file');
    const answer = await fetch(link.href);
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(file.id);
    if (!fresh) { location.assign(link.href); return; }
    file.replaceWith(document.adoptNode(fresh));
    if (new URL(link.href).searchParams.has('only')) return; // that page has nothing else
    history.replaceState(null, '', link.href);
    const query = new URL(link.href).searchParams.get('open');
    for (const other of document.querySelectorAll('.hunk a')) {
      const there = new URL(other.href);
      if (there.searchParams.has('only')) continue;
      const own = there.searchParams.get('open').split('-').pop();
      there.searchParams.set('open', `${query}-${own}`);
      other.href = there;
    }
  };
  const unfold = () => {
    const file = /^#f\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (file && file.matches('.file')) file.open = true;
  };
  const permalink = () => {
    const link = document.querySelector('.permalink');
    if (link) history.replaceState(null, '', link.href);
  };
  // Lines of a file: "#L10-L20" is a range, which shift and a click on a number make.
  const code = document.querySelector('.code:not(.log), .blame');
  const rows = () => [...code.querySelectorAll('.l, tr')];
  const number = (row) => Number(row?.id.slice(1));
  const range = () => (location.hash.match(/^#L(\d+)(?:-L?(\d+))?$/) ?? []).slice(1).filter(Boolean).map(Number).sort((a, b) => a - b);
  // A line of another page of a long file: goes there.
  const turn = (line, first, last) => {
    const next = document.querySelector('.pages [rel=next]');
    if (!code.dataset.page || (line >= first && (line <= last || !next))) return;
    const start = line - (line - 1) % code.dataset.page;
    const there = new URL(location.href);
    there.searchParams.delete('line');
    there.searchParams.set('from', start === first ? line : start);
    location.replace(there);
  };
  const mark = (block) => {
    if (!code) return;
    const all = rows();
    const [first, last = first] = range();
    const begin = number(all[0]);
    for (const row of all) row.classList.toggle('marked', number(row) >= first && number(row) <= last);
    const link = document.querySelector('.permalink');
    if (link) link.hash = location.hash;
    if (!first) return;
    const follower = document.querySelector('.follower');
    if (follower) {
      const there = new URL(follower.href);
      there.searchParams.set('lines', `${first}-${last}`);
      follower.href = there;
      follower.textContent = first < last ? `follow lines ${first}–${last}` : `follow line ${first}`;
    }
    if (last > first) all[Math.max(0, first - begin)]?.scrollIntoView({ block });
    turn(first, begin, number(all.at(-1)));
  };
  // From rung to rung of a blame the line stays where it is on the screen. Without this the next one comes to a fixed
  // height, which is the same from the second rung on.
  const rung = (event) => {
    const link = event.target.closest('.blame .up');
    if (!link) return;
    const first = Number(link.dataset.first);
    const group = link.closest('.g');
    const [line] = range();
    const row = group.querySelector(`#L${line >= first ? line : first}`) ?? group.querySelector(`#L${first}`);
    const to = new URL(link.href);
    const extra = number(row) - first;
    const before = Number(to.hash.slice(2)) + Math.min(extra, Number(link.dataset.more ?? 0));
    to.hash = `L${before}`;
    for (const name of ['before', 'line']) if (to.searchParams.has(name)) to.searchParams.set(name, before);
    link.href = to;
    sessionStorage.setItem('rung', JSON.stringify([Date.now(), row.getBoundingClientRect().top]));
  };
  const arrive = () => {
    const [when, top] = JSON.parse(sessionStorage.getItem('rung') ?? '[0, 0]');
    sessionStorage.removeItem('rung');
    const row = document.querySelector('.blame .l:target');
    if (row && Date.now() - when < 10000) scrollBy(0, row.getBoundingClientRect().top - top);
  };
  let anchor = 0;
  const extend = (event) => {
    const line = Number(event.target.textContent);
    const from = anchor || range()[0];
    if (!event.shiftKey || !from) { anchor = line; return; }
    event.preventDefault();
    location.hash = `L${Math.min(from, line)}-L${Math.max(from, line)}`;
  };
  const wrap = () => {
    const link = document.querySelector('.wrapper');
    if (!link) return;
    const wraps = code.classList.toggle('wrap');
    const set = (address, on) => {
      const url = new URL(address);
      if (on) url.searchParams.set('wrap', '1'); else url.searchParams.delete('wrap');
      return url.href;
    };
    history.replaceState(null, '', set(location.href, wraps));
    for (const other of document.querySelectorAll('.pages a, .permalink')) other.href = set(other.href, wraps);
    link.href = set(link.href, !wraps);
    link.textContent = wraps ? 'don’t wrap' : 'wrap lines';
  };
  const search = () => {
    const field = document.querySelector('.filter input');
    if (field) field.focus(); else go(tab('search'));
  };
  // A page comes at once; the part of it that can take a moment comes after it.
  const fill = async (link) => {
    const answer = await fetch(link.href);
    if (!answer.ok) return;
    const whole = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const parts = [...whole.querySelectorAll(link.dataset.part)];
    document.querySelectorAll(link.dataset.part).forEach((part, i) => parts[i] && part.replaceWith(document.adoptNode(parts[i])));
    link.parentElement.remove();
  };
  // A dialog closes by Escape, and by a click beside it.
  const dialog = (label, name) => {
    const box = document.createElement('dialog');
    box.className = name;
    box.setAttribute('aria-label', label);
    box.addEventListener('click', (event) => {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      if (event.target === box && (x < left || x > right || y < top || y > bottom)) box.close();
    });
    box.addEventListener('close', () => box.remove());
    document.body.appendChild(box);
    return box;
  };
  // Where all the letters are, in order, and what that is worth: those at the beginning of a word or next to each other
  // count more, and most what stands together in the file's own name.
  const fit = (path, wanted) => {
    const whole = path.indexOf(wanted, path.lastIndexOf('/') + 1);
    const at = [];
    let points = whole < 0 ? 0 : /[/._-]/.test(path[whole - 1] ?? '/') ? 8 : 5;
    for (const letter of wanted) {
      const next = path.indexOf(letter, at.length > 0 ? at.at(-1) + 1 : Math.max(whole, 0));
      if (next < 0) return null;
      points += next === at.at(-1) + 1 ? 3 : /[/._-]/.test(path[next - 1] ?? '/') ? 2 : 0;
      at.push(next);
    }
    return { points: points - path.length / 100, at };
  };
  const best = (paths, lower, wanted, most) => {
    if (!wanted) return paths.slice(0, most).map((path) => ({ path, at: [] }));
    const found = paths.map((path, i) => ({ path, ...fit(lower[i], wanted) })).filter(({ at }) => at);
    return found.sort((one, other) => other.points - one.points);
  };
  const offer = ({ path, at }, row, address) => {
    const link = document.createElement('a');
    link.id = `found${row}`;
    link.setAttribute('role', 'option');
    link.setAttribute('aria-selected', row === 0);
    link.tabIndex = -1;
    link.href = address(path);
    let from = 0;
    for (const letter of at) {
      link.append(path.slice(from, letter));
      link.appendChild(document.createElement('b')).textContent = path[letter];
      from = letter + 1;
    }
    link.append(path.slice(from));
    return link;
  };
  const find = async () => {
    const start = document.querySelector('.finder') ?? tab('search');
    if (!start || document.querySelector('.find')) return;
    const place = new URL(start.href).pathname;
    const address = (view, rest) => place.replace('/-/search', `/-/${view}`) + rest;
    const box = dialog('find a file', 'keys find');
    const input = box.appendChild(document.createElement('input'));
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-label': 'part of a file’s name', 'aria-expanded': true, 'aria-controls': 'found', placeholder: 'part of a file’s name', autocomplete: 'off', spellcheck: false, autocapitalize: 'off' }))
      input.setAttribute(name, value);
    const list = box.appendChild(document.createElement('div'));
    list.className = 'names';
    list.id = 'found';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'files');
    const note = box.appendChild(document.createElement('p'));
    note.setAttribute('role', 'status');
    note.textContent = 'the names are being read';
    box.showModal();
    const answer = await fetch(address('paths', ''));
    if (!answer.ok) { location.assign(start.href); return; }
    const paths = await answer.json();
    const lower = paths.map((path) => path.toLowerCase());
    // Without a ref in the address it is the default branch, which a file's address has to name.
    const named = place.endsWith('/-/search') ? '/HEAD' : '';
    const file = (path) => address('file', `${named}/${path.split('/').map(encodeURIComponent).join('/')}`);
    const most = 30;
    const chosen = () => list.querySelector('[aria-selected="true"]');
    const choose = (next) => {
      chosen()?.setAttribute('aria-selected', false);
      next?.setAttribute('aria-selected', true);
      next?.scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', next?.id ?? '');
    };
    const show = () => {
      const wanted = input.value.toLowerCase().replaceAll(' ', '');
      const found = best(paths, lower, wanted, most);
      const count = wanted ? found.length : paths.length;
      list.replaceChildren(...found.slice(0, most).map((one, row) => offer(one, row, file)));
      list.scrollTop = 0;
      choose(list.firstElementChild);
      note.textContent = count === 0 ? 'no file is called that' : count > most ? `${most} of ${count.toLocaleString('en')} files` : '';
    };
    input.addEventListener('input', show);
    input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const next = event.key === 'ArrowDown' ? chosen()?.nextElementSibling : chosen()?.previousElementSibling;
        if (next) choose(next);
      }
      if (event.key === 'Enter') go(chosen());
    });
    show();
  };
  // The name under the pointer, or the one that is selected: its definition, or everything about it.
  let under = '';
  const name = () => getSelection().toString().trim() || under;
  const symbol = (name, go) => {
    const place = document.querySelector('[data-symbols]');
    if (!place || !/^[\p{L}_$][\p{L}\p{N}_$?!*-]*$/u.test(name)) return;
    const there = new URL(place.dataset.symbols, location.href);
    there.searchParams.set('name', name);
    if (go) there.searchParams.set('go', '1');
    location.assign(there);
  };
  const point = (event) => {
    const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const node = spot?.offsetNode ?? document.caretRangeFromPoint?.(event.clientX, event.clientY)?.startContainer;
    if (node?.nodeType !== Node.TEXT_NODE || !node.parentElement.closest('.code .l')) return '';
    const at = spot?.offset ?? document.caretRangeFromPoint(event.clientX, event.clientY).startOffset;
    const before = node.data.slice(0, at).match(/[\p{L}\p{N}_$]*$/u)[0];
    return before + node.data.slice(at).match(/^[\p{L}\p{N}_$]*/u)[0];
  };
  const groups = {
    'anywhere': { t: ['find a file', () => find().catch(() => {})], '/': ['search or filter', search], '?': ['these keys', () => help()] },
    'lists': { j: ['next', () => move(1)], k: ['previous', () => move(-1)] },
    'go to': { h: ['home', () => go(tab('home'))], f: ['files', () => go(tab('files'))], l: ['log', () => go(tab('log'))], u: ['repositories', () => go(document.querySelector('.mark'))] },
    'code': { d: ['definition of the name under the pointer', () => symbol(name(), true)], s: ['all uses of it', () => symbol(name(), false)], w: ['wrap lines', wrap], y: ['permalink', permalink] },
    'changes': { n: ['next change', () => step('.diff .hunk', 1)], p: ['previous change', () => step('.diff .hunk', -1)], N: ['next file', () => step('.file', 1)], P: ['previous file', () => step('.file', -1)] },
  };
  const keys = Object.assign({}, ...Object.values(groups));
  function help() {
    const shown = document.querySelector('dialog.keys');
    if (shown) { shown.close(); return; }
    const box = dialog('keys', 'keys');
    const all = box.appendChild(document.createElement('div'));
    all.className = 'groups';
    for (const [group, listed] of Object.entries(groups)) {
      const part = all.appendChild(document.createElement('section'));
      part.appendChild(document.createElement('h2')).textContent = group;
      const list = part.appendChild(document.createElement('dl'));
      for (const [key, [what]] of Object.entries(listed)) {
        list.appendChild(document.createElement('dt')).textContent = key;
        list.appendChild(document.createElement('dd')).textContent = what;
      }
    }
    box.showModal();
  }
  for (const link of document.querySelectorAll('.fill a')) fill(link).catch(() => {});
  mark('center');
  arrive();
  unfold();
  // What one copies as a whole gets a button for that.
  for (const block of navigator.clipboard ? document.querySelectorAll('pre.command, .prose pre') : []) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'copy';
    button.addEventListener('click', () => {
      navigator.clipboard.writeText((block.querySelector('code') ?? block).textContent.trim())
        .then(() => { button.textContent = 'copied'; setTimeout(() => { button.textContent = 'copy'; }, 1500); }, () => {});
    });
    const frame = document.createElement('div');
    frame.className = 'copied';
    block.replaceWith(frame);
    frame.append(block, button);
  }
  document.addEventListener('pointermove', (event) => { under = event.target instanceof Element && event.target.closest('.code .l') ? point(event) : ''; }, { passive: true });
  addEventListener('hashchange', unfold);
  addEventListener('hashchange', () => mark('nearest'));
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest('.code:not(.log) .l > a')) extend(event);
    rung(event);
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if ((event.ctrlKey || event.metaKey) && !event.target.closest('a')) symbol(point(event), true);
    const gap = event.target.closest('.hunk a, .opens');
    if (plain && gap) { event.preventDefault(); open(gap).catch(() => location.assign(gap.href)); }
    if (plain && event.target.closest('.wrapper')) { event.preventDefault(); wrap(); }
    if (plain && event.target.closest('.finder')) { event.preventDefault(); find().catch(() => {}); }
  });
  // Pages of runs that are not over: fetched anew when the server says that something has changed.
  const parse = (text) => new DOMParser().parseFromString(text, 'text/html');
  const refresh = async () => {
    const answer = await fetch(location.href);
    const fresh = answer.ok && parse(await answer.text()).querySelector('.live');
    const old = document.querySelector('.live');
    if (!fresh || !old) return;
    const at = items().indexOf(document.activeElement);
    old.replaceWith(document.adoptNode(fresh));
    if (at >= 0) items()[at]?.focus();
    if (fresh.dataset.again) setTimeout(() => refresh().catch(() => {}), fresh.dataset.again * 1000);
  };
  const watch = (live) => {
    const source = new EventSource(live.dataset.changes);
    let timer = 0;
    source.addEventListener('change', () => { timer ||= setTimeout(() => { timer = 0; refresh().catch(() => {}); }, 300); });
    source.addEventListener('end', () => source.close());
  };
  // A log that is being written: rows come as markup, in the order of their numbers; one that is there already is replaced.
  const follow = (place) => {
    const source = new EventSource(place.dataset.events);
    let code = [...document.querySelectorAll('.log code')].pop();
    const stay = (change) => {
      const bottom = document.documentElement.scrollHeight - innerHeight - scrollY < 60;
      change();
      if (bottom) scrollTo(0, document.documentElement.scrollHeight);
    };
    const add = (data) => {
      if (!code) {
        const pre = document.createElement('pre');
        pre.className = 'code log';
        pre.tabIndex = 0;
        code = pre.appendChild(document.createElement('code'));
        place.before(pre);
      }
      for (const row of [...parse(`<pre>${data}</pre>`).querySelectorAll('.l')]) {
        const old = document.getElementById(row.id);
        if (old) old.replaceWith(row); else code.append(row);
      }
      while (code.childElementCount > 20000) code.firstElementChild.remove();
    };
    const put = (data) => { for (const node of [...parse(data).body.children]) place.before(node); };
    place.classList.add('following');
    source.addEventListener('rows', (event) => stay(() => add(event.data)));
    source.addEventListener('partial', (event) => stay(() => add(event.data)));
    source.addEventListener('step', (event) => stay(() => {
      const heading = document.getElementById(parse(event.data).querySelector('.step')?.id);
      let log = heading?.nextElementSibling;
      if (log?.matches('details')) log = log.nextElementSibling; // all of a long command
      code = log?.matches('.log') ? log.firstElementChild : null;
      if (!heading) put(event.data);
    }));
    source.addEventListener('done', (event) => stay(() => put(event.data)));
    source.addEventListener('end', () => { source.close(); place.classList.remove('following'); });
  };
  const live = document.querySelector('.live');
  if (live?.dataset.changes) watch(live);
  else if (live?.dataset.again) setTimeout(() => refresh().catch(() => {}), live.dataset.again * 1000);
  for (const place of document.querySelectorAll('.follow')) follow(place);
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key][1]();
  });
})();

// node tests/web/measures.mjs TOOLS SITE REPOSITORY COMMIT SERIES
//
// What docs/web.md promises of a page's looks and a picture does not tell by itself, in headless Chromium, at 1280 pixels
// and on a telephone: how high rows are, that their parts stand in the lines where they belong, that nothing stands over
// code, and where the code of a hit begins.
import { launch, open, parameters, same } from './browser.mjs';

const [tools, site, name, commit, series] = parameters('TOOLS SITE REPOSITORY COMMIT SERIES');
const browser = await launch(tools);

const lists = { repositories: '/', log: `/${name}/-/log`, 'the graph': `/${name}/-/log?graph=1`, refs: `/${name}/-/refs`, pushes: `/${name}/-/pushes`,
  versions: `/${name}/-/change/I89abcdef0123456789abcdef0123456789abcdef`, runs: `/${name}/runs`, files: `/${name}/-/tree/main`, "a run's jobs": `/${name}/runs/1` };
const rows = ':is(.repositories, .commits, .refs, .runs, .tree, .jobs, .versions) > li';

let tab = await open(browser, { viewport: { width: 1280, height: 900 } });
await tab.goto(`${site}/${name}/-/file/main/src/count.cc`);
same('where there is room no tool is behind a word', true, await tab.evaluate(() => [...document.querySelectorAll('.head .tools > *')]
  .every((one) => (one.getClientRects().length > 0) === !one.matches('input, label'))));
tab = await open(browser, { viewport: { width: 1280, height: 900 } });
for (const [what, path] of Object.entries(lists)) {
  await tab.goto(site + path);
  const heights = await tab.$$eval(rows, (items) => items.map((item) => item.getBoundingClientRect().height));
  const usual = heights.map(Math.round).sort((a, b) => a - b)[Math.floor(heights.length / 4)]; // a long name may take two lines
  same(`${what}: a row is 28 pixels high`, 28, usual);
}

await tab.goto(site + lists.runs);
const numbers = await tab.$$eval('.runs .name', (names) => Math.min(...names.map((name) => name.getBoundingClientRect().width)));
same('what runs are about begins in one column, up to #999', true, numbers >= 36);
const gaps = await tab.$$eval('.runs .why', (reasons) => reasons.filter((why) => why.previousSibling).map((why) => {
  const range = document.createRange();
  range.selectNodeContents(why.previousSibling);
  return why.getBoundingClientRect().left - range.getBoundingClientRect().right;
}));
same('there is air between that and why one failed', true, gaps.length > 0 && Math.min(...gaps) >= 8);

const cutShort = await tab.$$eval('.runs .why', (reasons) => reasons.filter((why) => why.scrollWidth > why.clientWidth + 1).map((why) => why.textContent));
same('it is whole, however long the subject is', '', cutShort.filter((why) => why.length < 40).join(', '));

await tab.goto(`${site}/runs`);
const columns = await tab.$$eval('.runs > li > :is(.description, .by)', (parts) => parts.map((part) => `${part.className} ${Math.round(part.getBoundingClientRect().left)}`));
same('runs of all repositories stand in columns', 2, new Set(columns).size);

await tab.goto(`${site}/${name}/-/commit/${commit}`);
const bases = await tab.evaluate(() => ['.file > summary .path', '.file > .whole'].map((place) => {
  const mark = document.querySelector(place).appendChild(document.createElement('i'));
  mark.style.cssText = 'display: inline-block';
  return Math.round(mark.getBoundingClientRect().bottom);
}));
same('the link of a file in a diff stands in the line of its name', bases[0], bases[1]);

// Where a ring would be, and what of it is cut off; at the right end a long subject may go on out of sight.
for (const [what, path] of Object.entries({ refs: lists.refs, log: lists.log, runs: lists.runs, files: lists.files, blame: `/${name}/-/blame/main/README.md` })) {
  await tab.goto(site + path);
  await tab.keyboard.press('Tab'); // what is focused from now on has a ring
  const cut = await tab.evaluate(() => [...document.querySelectorAll('main a')].filter((link) => {
    let frame = link.parentElement;
    while (frame && getComputedStyle(frame).overflowX !== 'hidden') frame = frame.parentElement;
    if (!frame) return false;
    link.focus();
    const { outlineOffset, outlineWidth, outlineStyle } = getComputedStyle(link);
    const [box, limit, out] = [link.getBoundingClientRect(), frame.getBoundingClientRect(), parseFloat(outlineOffset) + parseFloat(outlineWidth)];
    return outlineStyle === 'none' || Math.max(limit.left - box.left, limit.top - box.top, box.bottom - limit.bottom) + out > 1;
  }).map((link) => link.textContent));
  same(`${what}: the ring around what is focused is in sight`, '', cut.join(', '));
}

await tab.goto(`${site}/${name}/runs/5`);
const noted = await tab.$$eval('.jobs .by', (notes) => notes.map((note) => [note.textContent, note.getBoundingClientRect().height]));
same('what is noted of a job takes one line', '', noted.filter(([, height]) => height > 24).map(([note]) => note).join(' ¶ '));
same('there is a job of which much is noted', 'cpu 1 min 23 s, 1.3 GiB, usually … and …', noted.map(([note]) => note.match(/cpu 1 min 23 s, .*/)?.[0]).filter(Boolean).join(' ¶ ').replace(/usually .* and .*B/, 'usually … and …'));
await tab.goto(`${site}/${name}/-/change/I89abcdef0123456789abcdef0123456789abcdef`);
same('a change says its id once', 1, (await tab.locator('main').textContent()).split('89abcdef0123456789abcdef0123456789abcdef').length - 1);

const linesOfMessage = async () => {
  await tab.goto(`${site}/${name}/-/commit/${commit}`);
  return tab.evaluate(() => {
    const [message, soft] = ['.message', '.message .soft'].map((part) => document.querySelector(part));
    const [before, after] = [soft.previousSibling, soft.nextSibling].map((text, i) => {
      const range = document.createRange();
      const word = i === 0 ? text.data.search(/\S+$/) : 0;
      range.setStart(text, word);
      range.setEnd(text, word + 1);
      return range.getBoundingClientRect().top;
    });
    return { isBroken: Math.abs(before - after) > 2, height: message.getBoundingClientRect().height };
  });
};
same('a message keeps its lines where there is room', true, (await linesOfMessage()).isBroken);
tab = await open(browser, { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 });
// The tools of a file stand in one row, and the rest of them behind a word.
for (const [what, path] of Object.entries({ 'a file': 'file/main/src/count.cc', 'a rendered file': 'file/main/README.md', 'its source': 'file/main/README.md?view=source', 'a directory': 'tree/main/src' })) {
  await tab.goto(`${site}/${name}/-/${path}`);
  const heights = () => tab.$$eval('.head .tools > *', (all) => all.filter((one) => one.getClientRects().length && one.localName !== 'input').map((one) => one.getBoundingClientRect().top));
  const inSight = await heights();
  same(`${what} on a telephone: its tools take one row`, true, inSight.length > 2 && Math.max(...inSight) - Math.min(...inSight) < 4);
  const all = (await tab.$$('.head .tools > :not(input, label)')).length;
  await tab.locator('.tools label').click();
  same('and the word shows the others', all + 1, (await heights()).length);
}
// In each row, what it is called and when stand in its first line.
const parts = { repositories: ['.name', 'time'], refs: ['.name', 'time'], pushes: ['time', '.name', '.by'], versions: ['.number', '.altered', 'a:last-child'], runs: ['.state', '.name', 'time'], "a run's jobs": ['.state', '.name', '.took'] };
for (const [what, selectors] of Object.entries(parts)) {
  await tab.goto(site + lists[what]);
  const wrong = await tab.$$eval(rows, (items, selectors) => items.filter((item) => {
    const found = selectors.map((selector) => item.querySelector(selector)).filter(Boolean).map((part) => part.getBoundingClientRect());
    return found.some((box) => Math.abs(box.top - found[0].top) > 6) || found.at(-1).right < item.getBoundingClientRect().right - 1;
  }).map((item) => item.textContent), selectors);
  same(`${what} on a telephone: name and time share the first line`, '', wrong.join(' '));
}
await tab.goto(`${site}/${name}/-/file/main/tables.md`);
const tables = await tab.$$eval('.prose .scroll', (boxes) => boxes.map((box) => ({
  scrolls: box.scrollWidth > box.clientWidth && box.getBoundingClientRect().right <= innerWidth,
  narrow: [...box.querySelectorAll('td')].filter((cell) => cell.textContent.length > 20 && cell.clientWidth < 90).map((cell) => cell.textContent),
  wide: [...box.querySelectorAll('code')].filter((code) => code.getBoundingClientRect().width > 270).map((code) => code.textContent) })));
same('two tables scroll by themselves on a telephone', 'true true', tables.map((table) => table.scrolls).join(' '));
same('their prose has some words a line', '', tables.flatMap((table) => table.narrow).join(' ¶ '));
same('their code is broken', '', tables.flatMap((table) => table.wide).join(' ¶ '));

await tab.goto(`${site}/${name}/-/interdiff/${series}?series=1`);
const pairs = await tab.$$eval('.versions > li', (items) => items.map((item) => {
  const [subject, altered, ids] = ['.subject', '.altered', '.ids'].map((part) => item.querySelector(part).getBoundingClientRect());
  return altered.top >= subject.bottom && Math.abs(altered.bottom - ids.bottom) < 6 && ids.height < 28 ? '' : item.textContent;
}));
same('what became of a commit is one line below its subject', '', pairs.length > 0 ? pairs.join('') : 'no pair is there');
same('a message fills the lines of a telephone', false, (await linesOfMessage()).isBroken);
await tab.goto(`${site}/${name}/runs/times`);
same('the text of a plot can be read', '', (await tab.$$eval('.plot text', (texts) => texts.filter((text) => text.getBoundingClientRect().height < 10).map((text) => text.textContent))).join(' '));
const newest = await tab.$$eval('.plot', (plots) => plots.filter((plot) => {
  const [frame, dot] = [plot, plot.querySelector('circle')].map((part) => part.getBoundingClientRect());
  return plot.scrollWidth <= plot.clientWidth || dot.left < frame.left || dot.right > frame.right;
}).length);
same('a plot begins with its newest run', 0, newest);
await tab.goto(site + lists.runs);
const broken = await tab.$$eval('.choice a', (links) => links.filter((link) => link.getClientRects().length && link.getBoundingClientRect().height > 32).map((link) => link.textContent));
same('no word of a choice is broken', '', broken.join(' '));

await tab.goto(`${site}/${name}`);
const covered = await tab.evaluate(() => [...document.querySelectorAll('.copied')].filter((frame) => {
  const button = frame.querySelector('.copy').getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(frame.querySelector('code'));
  return [...range.getClientRects()].some((box) => box.width > 0 && box.top + 2 < button.bottom && box.bottom > button.top && box.right > button.left);
}).map((frame) => frame.textContent));
same('the button that copies stands over no code', '', covered.join(' '));
same('there is one', true, await tab.evaluate(() => document.querySelectorAll('.prose .copied').length > 0));

await tab.goto(`${site}/${name}/-/search?q=printf&in=content`);
const edges = await tab.$$eval('.match', (lines) => lines.map((line) => {
  const code = line.querySelector('code');
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const at = texts.currentNode.data.search(/\S/);
    if (at < 0) continue;
    range.setStart(texts.currentNode, at);
    range.setEnd(texts.currentNode, at + 1);
    break;
  }
  return { first: range.getBoundingClientRect().left - code.getBoundingClientRect().left, text: line.textContent };
}));
same('a hit that is indented is found', true, edges.some((edge) => / {4}/.test(edge.text)));
same('its code begins at the edge', true, edges.some((edge) => edge.first < 24 && / {8}/.test(edge.text)));
await browser.close();

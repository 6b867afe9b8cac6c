// node tests/web/contrast.mjs TOOLS STYLESHEET
//
// The contrast of every colour that code and logs have, on everything that they stand on, in both themes, as headless
// Chromium computes it from the stylesheet: in files, on marked lines, in diffs, in hits of a search. WCAG 2 AA wants
// 4.5.
import { readFileSync } from 'node:fs';
import { judge, launch, open, parameters } from './browser.mjs';

const [tools, stylesheet] = parameters('TOOLS STYLESHEET');
const style = readFileSync(stylesheet, 'utf8');
const browser = await launch(tools);

const syntax = ['', 'c', 's', 'nu', 'co', 'd', 'k', 'fn', 'ty', 'ke', 'hd', 'ad', 'rm', 'cut'];
const tokens = syntax.map((name) => `<span class="${name}" data-is="${name || 'plain'}">x</span>`).join('');
const line = (kind, code) => `<tr class="${kind}"><td class="n" data-is="number">1</td><td>${code}</td></tr>`;
const words = `${tokens}<mark>${tokens}</mark>`;
const printed = Array.from({ length: 80 }, (_, i) => `<span class="f${i}" data-is="colour ${i}">x</span>`).join('');
const places = {
  file: `<pre class="code"><code><span class="l"><a href="#" data-is="number">1</a>${tokens}</span></code></pre>`,
  'marked line': `<pre class="code"><code><span class="l marked"><a href="#" data-is="number">1</a>${tokens}</span></code></pre>`,
  'unified diff': `<table class="diff">${line('', tokens)}${line('add', words)}${line('del', words)}<tr class="hunk"><td colspan="2" data-is="place">@@</td></tr></table>`,
  'split diff': `<table class="diff split"><tr><td class="n add">1</td><td class="add">${words}</td><td class="n del">1</td><td class="del">${words}</td></tr></table>`,
  hit: `<a class="match" href="#"><span class="n" data-is="number">1</span><code>${tokens}<mark>${tokens}</mark></code></a>`,
  README: `<article class="prose"><pre><code>${tokens}</code></pre></article>`,
  log: `<pre class="code log"><code><span class="l"><a href="#" data-is="number">1</a>${printed}</span></code></pre>`,
};

// Of each token its colour and what it stands on, as the browser paints them.
const measure = () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  const painted = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll('[data-is]')].map((token) => {
    const grounds = [];
    for (let element = token; element; element = element.parentElement) grounds.unshift(getComputedStyle(element).backgroundColor);
    const [low, high] = [painted(grounds), painted([...grounds, getComputedStyle(token).color])].map(light).sort((a, b) => a - b);
    return { what: token.dataset.is, on: token.closest('mark') ? 'a mark' : token.closest('.add, .del')?.className ?? '', ratio: (high + 0.05) / (low + 0.05) };
  });
};

const tab = await open(browser);
for (const scheme of ['light', 'dark']) {
  await tab.emulateMedia({ colorScheme: scheme });
  for (const [place, markup] of Object.entries(places)) {
    await tab.setContent(`<!doctype html><style>${style}</style><body>${markup}`);
    const found = await tab.evaluate(measure);
    const faint = found.filter(({ ratio }) => ratio < 4.5).map(({ what, on, ratio }) => `${what}${on && ` on ${on}`}: ${ratio.toFixed(2)}`);
    judge(`${scheme}: all of a ${place} can be read`, [...(found.length > 5 ? [] : [`${found.length} colours`]), ...faint]);
  }
}
await browser.close();

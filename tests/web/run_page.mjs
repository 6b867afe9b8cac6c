// node tests/web/run_page.mjs TOOLS SITE GRAPH RED
//
// Runs' pages in headless Chromium, at 1280 and at 390 pixels. Each label of the graph (on the page GRAPH) stands inside
// its box, and is large enough to be read; no line goes behind a box. The last lines of what failed (on the page RED)
// are all in sight.
import { launch, open, parameters, same } from './browser.mjs';

const [tools, site, graph, red] = parameters('TOOLS SITE GRAPH RED');
const browser = await launch(tools);
const tab = await open(browser);

for (const width of [1280, 390]) {
  await tab.setViewportSize({ width, height: 800 });
  await tab.goto(site + graph);
  const jobs = await tab.evaluate(() => [...document.querySelectorAll('.graph a')].filter((job) => job.getClientRects().length).map((job) => {
    const box = job.querySelector('rect').getBoundingClientRect();
    const label = [...job.querySelectorAll('text')].at(-1);
    const place = label.getBoundingClientRect();
    return { name: label.textContent, overhang: Math.round(Math.max(place.right - box.right, box.left - place.left, place.bottom - box.bottom)), height: place.height };
  }));
  same(`at ${width} pixels, every job is drawn once`, 3, jobs.length);
  same('no label is wider than its box', '', jobs.filter((job) => job.overhang > 0).map((job) => `${job.name}: ${job.overhang}`).join(', '));
  same('each can be read', '', jobs.filter((job) => job.height < 12).map((job) => `${job.name}: ${job.height}`).join(', '));
  same('what is too long is cut', 2, jobs.filter((job) => job.name.endsWith('…')).length);
  // Each line is looked at every two pixels; only its ends may touch a box.
  const lines = await tab.evaluate(() => [...document.querySelectorAll('.graph svg')].filter((drawing) => drawing.getClientRects().length).map((drawing) => {
    const boxes = [...drawing.querySelectorAll('.box')].map((box) => box.getBBox());
    const edges = [...drawing.querySelectorAll('.edge')];
    const isIn = ({ x, y }, box) => x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1;
    const isOut = ({ x, y }) => x < 0 || y < 0 || x > drawing.viewBox.baseVal.width || y > drawing.viewBox.baseVal.height;
    const isHidden = (edge) => Array.from({ length: edge.getTotalLength() / 2 }, (_, i) => edge.getPointAtLength(i * 2))
      .some((point) => isOut(point) || boxes.some((box) => isIn(point, box)));
    return { count: edges.length, hidden: edges.filter(isHidden).map((edge) => edge.getAttribute('d')).join(' ') };
  })[0]);
  same('there is a line past a job', 3, lines.count);
  same('no line goes behind a box', '', lines.hidden);
  await tab.goto(site + red);
  const box = await tab.evaluate(() => {
    const [window, lines] = ['.failure pre', '.failure samp'].map((name) => document.querySelector(name).getBoundingClientRect());
    return { cut: Math.round(lines.bottom - window.bottom), height: lines.height };
  });
  same('no line of what failed is cut off', true, box.cut <= 0 && box.height > 350);
}
await browser.close();

// node tests/web/paper.mjs TOOLS SITE PATH...
//
// What pages are on paper, in headless Chromium, as wide as A4 and for a reader who prefers dark: nothing goes beyond the
// edge, there are no tools, and colours are those for white.
import { launch, open, parameters, same } from './browser.mjs';

const [tools, site, ...paths] = parameters('TOOLS SITE PATH...');
const browser = await launch(tools);
const tab = await open(browser, { viewport: { width: 718, height: 1000 }, colorScheme: 'dark' });
await tab.emulateMedia({ media: 'print', colorScheme: 'dark' });

// Texts that stand outside the page, or outside a frame that cuts them off. An ellipsis says that there is more.
const cut = () => {
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const right = Math.max(...[...range.getClientRects()].map((box) => box.right));
    let frame = texts.currentNode.parentElement;
    let limit = innerWidth;
    for (; frame && frame !== document.body; frame = frame.parentElement) {
      const { overflowX, textOverflow } = getComputedStyle(frame);
      if (textOverflow === 'ellipsis') limit = Infinity;
      if (overflowX !== 'visible') limit = Math.min(limit, frame.getBoundingClientRect().right);
    }
    if (right > limit + 1) found.push(texts.currentNode.data.trim().slice(0, 40));
  }
  return found.slice(0, 5).join(' ¶ ');
};
const seen = (selector) => [...document.querySelectorAll(selector)].filter((part) => part.getClientRects().length).map((part) => part.className).join(' ');
for (const path of paths) {
  await tab.goto(site + path);
  same(`${path} on paper: nothing goes beyond the edge`, '', await tab.evaluate(cut));
  same('there are no tools', '', await tab.evaluate(seen, '.tools, .tabs, .filter, .outline, .copy, .whole, .up'));
  same('it is not empty', true, (await tab.locator('main').textContent()).trim().length > 20);
  const colours = await tab.evaluate(() => ['--good', '--bad', '--function', '--add', '--c1'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name)).join(' '));
  await tab.emulateMedia({ media: 'print', colorScheme: 'light' });
  same('its colours are those for white', await tab.evaluate(() => ['--good', '--bad', '--function', '--add', '--c1'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name)).join(' ')), colours);
  await tab.emulateMedia({ media: 'print', colorScheme: 'dark' });
}
await browser.close();

// node tests/web/real_pages.mjs TOOLS SITE LOGIN NAME=PATH...
//
// Judges the pages of a repository that nobody made up: html-validate, axe-core at 1280 and 390 pixels, in light and in
// dark, whether a page is as wide as its window, and whether the feeds are there that pages lead to. LOGIN is the path
// that logs the reader in. A NAME that begins with "missing" is of a page that answers 404. One browser, one tab for
// each width.
import { axeOf, judge, launch, open, packages, parameters, telephone } from './browser.mjs';

const [tools, site, login, ...words] = parameters('TOOLS SITE LOGIN NAME=PATH...');
const { HtmlValidate } = packages(tools)('html-validate');
const axe = axeOf(tools);
// The title of a window is a commit's subject, however long that is.
const validator = new HtmlValidate({ root: true, extends: ['html-validate:recommended'], rules: { 'long-title': 'off' } });
const browser = await launch(tools);

async function logIn(options) {
  const tab = await open(browser, options);
  await tab.goto(site + login);
  return tab;
}
const tabs = [
  [1280, await logIn({ viewport: { width: 1280, height: 900 } })],
  [390, await logIn(telephone)],
];

// The dark differs in its colours alone, so only they are looked at again.
async function faultsOf(tab, scheme) {
  await tab.emulateMedia({ colorScheme: scheme });
  const { violations, passes } = await tab.evaluate((options) => globalThis.axe.run(document, options),
    scheme === 'dark' ? { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] } : { resultTypes: ['violations'] });
  return [...(passes.length > 0 ? [] : [`${scheme}: axe looked at nothing`]),
    ...violations.map(({ id, nodes }) => `${scheme}: ${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`)];
}

const feeds = new Set();
for (const word of words) {
  const [page, path] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
  for (const [width, tab] of tabs) {
    const answer = await tab.goto(site + path, { waitUntil: 'load' });
    const wanted = page.startsWith('missing') ? 404 : 200;
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
    if (width === 1280) {
      const report = await validator.validateString(await answer.text(), page);
      judge(`a real ${page}: its HTML is valid`, report.results.flatMap(({ messages }) => messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`)));
      for (const feed of await tab.$$eval('a[href*="atom"], link[href*="atom"]', (links) => links.map((link) => link.href))) feeds.add(feed);
    }
    await tab.evaluate(axe);
    judge(`a real ${page} at ${width} pixels: axe has nothing to say`, [
      ...(answer.status() === wanted ? [] : [`it answers ${answer.status()}`]),
      ...(wide > width ? [`it is ${wide} pixels wide`] : []),
      ...await faultsOf(tab, 'light'), ...await faultsOf(tab, 'dark')]);
  }
}
judge('pages lead to feeds', feeds.size > 1 ? [] : [`to ${feeds.size}`]);
for (const feed of feeds) {
  const answer = await tabs[0][1].request.get(feed);
  const fault = await tabs[0][1].evaluate((text) => new DOMParser().parseFromString(text, 'text/xml').querySelector('parsererror, :root:not(feed)')?.textContent, await answer.text());
  judge(`a real feed, ${new URL(feed).pathname}`, [...(answer.ok() ? [] : [`it answers ${answer.status()}`]), ...(fault ? [fault] : [])]);
}
await browser.close();

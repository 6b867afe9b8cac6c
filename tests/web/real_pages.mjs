// node tests/web/real_pages.mjs TOOLS SITE LOGIN NAME=PATH...
//
// Judges the pages of a repository that nobody made up: html-validate, axe-core at 1280 and 390 pixels, in light and in
// dark, whether a page is as wide as its window, and whether the feeds are there that pages lead to. LOGIN is the path
// that logs the reader in. A NAME that begins with "missing" is of a page that answers 404. One browser, one tab for
// each width. Prints lines of `pass` or `fail`, what it is about, and why, with tabs between.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [tools, site, login, ...words] = process.argv.slice(2);
if (words.length === 0) {
  console.error('usage: node tests/web/real_pages.mjs TOOLS SITE LOGIN NAME=PATH...');
  process.exit(100);
}
const require = createRequire(`${tools}/package.json`);
const { chromium } = require('playwright-core');
const { HtmlValidate } = require('html-validate');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
// The title of a window is a commit's subject, however long that is.
const validator = new HtmlValidate({ root: true, extends: ['html-validate:recommended'], rules: { 'long-title': 'off' } });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });

const judge = (what, faults) =>
  console.log([faults.length === 0 ? 'pass' : 'fail', what, faults.join(' ¶ ')].map((text) => text.replaceAll(/\s+/g, ' ')).join('\t'));

async function open(options) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  await tab.goto(site + login);
  return tab;
}
const tabs = [
  [1280, await open({ viewport: { width: 1280, height: 900 } })],
  [390, await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })],
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

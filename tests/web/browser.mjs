// What the programs beside this one have in common: their arguments, headless Chromium, the reader, and the lines that
// they print: `pass`, `fail` or `gap`, what it is about, and why, with tabs between; `verdicts` in tests/lib/e2e.sh
// makes checks of them.
//
// TOOLS is always what tests/lib/web_tools prints. READER in the environment is who is logged in, by the proxy's SECRET.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The arguments, which `names` lists. Where one is missing that is not in brackets, the program ends with its usage. */
export function parameters(names) {
  const given = process.argv.slice(2);
  if (given.length < names.replaceAll(/ ?\[.*?\]/g, '').split(' ').length) {
    console.error(`usage: node tests/web/${basename(process.argv[1])} ${names}`);
    process.exit(100);
  }
  return given;
}

/** require() for the packages in TOOLS. */
export const packages = (tools) => createRequire(`${tools}/package.json`);

/** The source of axe, to be evaluated in a page. */
export const axeOf = (tools) => readFileSync(packages(tools).resolve('axe-core/axe.min.js'), 'utf8');

export const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const launch = (tools, more = []) =>
  packages(tools)('playwright-core').chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...more] });

export const headers = process.env.READER ? { 'Remote-User': process.env.READER, 'Quire-Proxy-Secret': process.env.SECRET } : {};
export const telephone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A tab of the reader's, in a context of its own. */
export const open = async (browser, options = {}) => (await browser.newContext({ extraHTTPHeaders: headers, ...options })).newPage();

/** What the console of a tab says from now on that is wrong; a status in `expected` is not. */
export function complaintsOf(tab, expected = []) {
  const complaints = [];
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => {
    const isExpected = expected.some((status) => message.text().includes(status));
    if (message.type() === 'error' && !isExpected) complaints.push(`${message.text()} ${message.location().url}`);
  });
  return complaints;
}

export const say = (verdict, what, why = '') => console.log([verdict, what, why].map((text) => String(text).replaceAll(/\s+/g, ' ')).join('\t'));
/** Passes without faults. */
export const judge = (what, faults) => say(faults.length === 0 ? 'pass' : 'fail', what, faults.join(' ¶ '));
/** Passes if the two are equal. */
export const same = (what, wanted, got) => judge(what, wanted === got ? [] : [`expected ${wanted}, got ${got}`]);

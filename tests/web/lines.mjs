// node tests/web/lines.mjs TOOLS FILES
//
// Ranges of lines and wrapping in headless Chromium, on the files that tests/e2e/web_files made; FILES is the address that
// they are below. Prints lines of `pass` or `fail`, what it is about, and why, with tabs between.
import { createRequire } from 'node:module';

const [tools, files] = process.argv.slice(2);
const { chromium } = createRequire(`${tools}/package.json`)('playwright-core');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });

const judge = (what, wanted, got) =>
  console.log([wanted === got ? 'pass' : 'fail', what, wanted === got ? '' : `expected ${wanted}, got ${got}`].join('\t'));
const marked = (tab) => tab.evaluate(() => [...document.querySelectorAll('.marked')].map((line) => line.id.slice(1)).join(' '));
const inView = (tab, id) => tab.evaluate((id) => {
  const box = document.getElementById(id)?.getBoundingClientRect();
  return Boolean(box) && box.bottom > 0 && box.top < innerHeight;
}, id);
const complaints = [];
const open = async (path, options = {}) => {
  const tab = await (await browser.newContext(options)).newPage();
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  await tab.goto(files + path);
  return tab;
};
const at = (tab) => tab.url().replace(files, '');
const click = (tab, line, modifiers = []) => tab.locator(`#L${line} > a`).click({ modifiers });

let tab = await open('/lines#L300-L303');
judge('a shared range is marked', '300 301 302 303', await marked(tab));
judge('and scrolled to', true, await inView(tab, 'L300'));
await click(tab, 305);
judge('a click on a number is a line', '305', await marked(tab));
await click(tab, 308, ['Shift']);
judge('with shift it is a range', '305 306 307 308', await marked(tab));
judge('which the address has', '/lines#L305-L308', at(tab));
await click(tab, 303, ['Shift']);
judge('the other way round too, from the same line', '303 304 305', await marked(tab));
await tab.goBack();
judge('back is the range before', '305 306 307 308', await marked(tab));
await tab.keyboard.press('y');
judge('the permalink keeps the range', true, /\/file\/[0-9a-f]{40}\/lines#L305-L308$/.test(tab.url()));
judge('and its link has it', true, (await tab.locator('.permalink').getAttribute('href')).endsWith('#L305-L308') ||
  (await tab.evaluate(() => document.querySelector('.permalink').hash)) === '#L305-L308');

tab = await open('/lines#L499000-L499002');
await tab.waitForURL('**from=490001**');
await tab.waitForSelector('.marked');
judge('a range of a further page is found there', '499000 499001 499002', await marked(tab));
judge('and in view', true, await inView(tab, 'L499000'));
tab = await open('/text#L9000');
await tab.waitForSelector('#L9000.marked');
judge('also where pages are short', '9000', await marked(tab));
tab = await open('/small.c#L99');
judge('a line that is not there is none', '', await marked(tab));
tab = await open('/small.c#L1-L2');
await tab.waitForSelector('.marked');
judge('the way to the past of lines knows the range', '/-/follow/main/small.c?lines=1-2',
  await tab.evaluate(() => { const link = new URL(document.querySelector('.follower').href); return link.pathname.slice(link.pathname.indexOf('/-/')) + link.search; }));
for (const hostile of ['#L1-L99999999999999999999', '#L0', '#L2-L', '#L%22%3E%3Cimg%20src=x%3E', '#Lx-Ly']) {
  tab = await open(`/small.c${hostile}`);
  judge(`${hostile} does no harm`, hostile.startsWith('#L1') ? '1 2' : '', await marked(tab));
}

tab = await open('/one');
const wide = () => tab.evaluate(() => document.querySelector('.code').scrollWidth > document.querySelector('.code').clientWidth);
judge('a long line runs out of the window', true, await wide());
await tab.keyboard.press('w');
judge('w wraps it', false, await wide());
judge('which the address has', '/one?wrap=1', at(tab));
judge('and the link offers the opposite', 'don’t wrap', await tab.locator('.wrapper').textContent());
await tab.locator('.wrapper').click();
judge('a click does the same', '/one', at(tab));
judge('back to one line', true, await wide());
tab = await open('/lines?from=20001');
await tab.keyboard.press('w');
await tab.locator('.pages [rel=next]').first().click();
await tab.waitForLoadState();
judge('the next page is wrapped as well', 'wrap', await tab.evaluate(() => document.querySelector('.code').classList.item(1)));

tab = await open('/one?wrap=1', { javaScriptEnabled: false });
judge('without a script it wraps too', 'don’t wrap', await tab.locator('.wrapper').textContent());
tab = await open('/lines', { javaScriptEnabled: false });
await tab.locator('input[name=line]').fill('777777');
await tab.keyboard.press('Enter');
await tab.waitForURL('**#L777777');
judge('without a script a line is found by its number', true, await inView(tab, 'L777777'));
judge('the console is silent', '', complaints.join(' ¶ '));
await browser.close();

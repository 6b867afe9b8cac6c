// node tests/web/lines.mjs TOOLS FILES
//
// Ranges of lines and wrapping in headless Chromium, on the files that tests/e2e/web_files made; FILES is the address that
// they are below.
import { complaintsOf, launch, open, parameters, same } from './browser.mjs';

const [tools, files] = parameters('TOOLS FILES');
const browser = await launch(tools);

const marked = (tab) => tab.evaluate(() => [...document.querySelectorAll('.marked')].map((line) => line.id.slice(1)).join(' '));
const inView = (tab, id) => tab.evaluate((id) => {
  const box = document.getElementById(id)?.getBoundingClientRect();
  return Boolean(box) && box.bottom > 0 && box.top < innerHeight;
}, id);
const consoles = [];
const visit = async (path, options) => {
  const tab = await open(browser, options);
  consoles.push(complaintsOf(tab));
  await tab.goto(files + path);
  return tab;
};
const at = (tab) => tab.url().replace(files, '');
const click = (tab, line, modifiers = []) => tab.locator(`#L${line} > a`).click({ modifiers });

let tab = await visit('/lines#L300-L303');
same('a shared range is marked', '300 301 302 303', await marked(tab));
same('and scrolled to', true, await inView(tab, 'L300'));
await click(tab, 305);
same('a click on a number is a line', '305', await marked(tab));
await click(tab, 308, ['Shift']);
same('with shift it is a range', '305 306 307 308', await marked(tab));
same('which the address has', '/lines#L305-L308', at(tab));
await click(tab, 303, ['Shift']);
same('the other way round too, from the same line', '303 304 305', await marked(tab));
await tab.goBack();
same('back is the range before', '305 306 307 308', await marked(tab));
await tab.keyboard.press('y');
same('the permalink keeps the range', true, /\/file\/[0-9a-f]{40}\/lines#L305-L308$/.test(tab.url()));
same('and its link has it', true, (await tab.locator('.permalink').getAttribute('href')).endsWith('#L305-L308') ||
  (await tab.evaluate(() => document.querySelector('.permalink').hash)) === '#L305-L308');

tab = await visit('/lines#L499000-L499002');
await tab.waitForURL('**from=490001**');
await tab.waitForSelector('.marked');
same('a range of a further page is found there', '499000 499001 499002', await marked(tab));
same('and in view', true, await inView(tab, 'L499000'));
tab = await visit('/text#L9000');
await tab.waitForSelector('#L9000.marked');
same('also where pages are short', '9000', await marked(tab));
tab = await visit('/small.c#L99');
same('a line that is not there is none', '', await marked(tab));
tab = await visit('/small.c#L1-L2');
await tab.waitForSelector('.marked');
same('the way to the past of lines knows the range', '/-/follow/main/small.c?lines=1-2',
  await tab.evaluate(() => { const link = new URL(document.querySelector('.follower').href); return link.pathname.slice(link.pathname.indexOf('/-/')) + link.search; }));
for (const hostile of ['#L1-L99999999999999999999', '#L0', '#L2-L', '#L%22%3E%3Cimg%20src=x%3E', '#Lx-Ly']) {
  tab = await visit(`/small.c${hostile}`);
  same(`${hostile} does no harm`, hostile.startsWith('#L1') ? '1 2' : '', await marked(tab));
}

tab = await visit('/one');
const wide = () => tab.evaluate(() => document.querySelector('.code').scrollWidth > document.querySelector('.code').clientWidth);
same('a long line runs out of the window', true, await wide());
await tab.keyboard.press('w');
same('w wraps it', false, await wide());
same('which the address has', '/one?wrap=1', at(tab));
same('and the link offers the opposite', 'don’t wrap', await tab.locator('.wrapper').textContent());
await tab.locator('.wrapper').click();
same('a click does the same', '/one', at(tab));
same('back to one line', true, await wide());
tab = await visit('/lines?from=20001');
await tab.keyboard.press('w');
await tab.locator('.pages [rel=next]').first().click();
await tab.waitForLoadState();
same('the next page is wrapped as well', 'wrap', await tab.evaluate(() => document.querySelector('.code').classList.item(1)));

tab = await visit('/one?wrap=1', { javaScriptEnabled: false });
same('without a script it wraps too', 'don’t wrap', await tab.locator('.wrapper').textContent());
tab = await visit('/lines', { javaScriptEnabled: false });
await tab.locator('input[name=line]').fill('777777');
await tab.keyboard.press('Enter');
await tab.waitForURL('**#L777777');
same('without a script a line is found by its number', true, await inView(tab, 'L777777'));
same('the console is silent', '', consoles.flat().join(' ¶ '));
await browser.close();

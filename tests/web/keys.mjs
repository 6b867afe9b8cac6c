// node tests/web/keys.mjs TOOLS SITE REPOSITORY
//
// The keyboard of a reader in headless Chromium: what `?` lists, finding a file, searching, moving, permalinks. REPOSITORY
// is the one that tests/e2e/web_looks made. Prints lines of `pass` or `fail`, what it is about, and why, with tabs between.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [tools, site, name] = process.argv.slice(2);
const require = createRequire(`${tools}/package.json`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const context = await browser.newContext({ extraHTTPHeaders: process.env.READER ? { 'Remote-User': process.env.READER, 'Quire-Proxy-Secret': process.env.SECRET } : {} });
context.setDefaultTimeout(15000);
const tab = await context.newPage();
const complaints = [];
tab.on('pageerror', (error) => complaints.push(error.message));
tab.on('console', (message) => { if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`); });

const judge = (what, wanted, got) =>
  console.log([wanted === got ? 'pass' : 'fail', what, wanted === got ? '' : `expected ${wanted}, got ${got}`].join('\t'));
const open = (path) => tab.goto(site + path);
const press = async (...keys) => { for (const key of keys) await tab.keyboard.press(key); };
const at = () => decodeURIComponent(tab.url().replace(site, ''));
const arrives = (path) => tab.waitForURL((url) => decodeURIComponent(url.href).replace(site, '') === path, { waitUntil: 'load' }).then(() => at(), () => at());
const focused = () => tab.evaluate(() => document.activeElement.textContent);
const violations = async (selector) => {
  await tab.evaluate(axe);
  return tab.evaluate(async (where) => (await globalThis.axe.run(where)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`).join(' ¶ '), selector);
};
const until = (expression) => tab.waitForFunction(expression).then(() => true, () => false);

await open(`/${name}`);
await press('?');
judge('? lists the keys', true, await tab.locator('dialog.keys').isVisible());
const listed = await tab.locator('dialog.keys dt').allTextContents();
judge('all of them, in groups', 't / ? j k h f l u d s w y n p N P', listed.join(' '));
judge('that have names', 'anywhere lists go to code changes', (await tab.locator('dialog.keys h2').allTextContents()).join(' '));
judge('each with what it does', listed.length, (await tab.locator('dialog.keys dd').allTextContents()).filter(Boolean).length);
judge('axe has nothing to say of it', '', await violations('dialog.keys'));
await press('Escape');
judge('Escape closes it', false, await tab.locator('dialog.keys').isVisible());
await press('?', '?');
judge('so does another ?', false, await tab.locator('dialog.keys').isVisible());

await press('t');
const top = () => tab.evaluate(() => document.querySelector('.find input').getBoundingClientRect().top);
judge('t asks for a file', true, await until(() => document.activeElement.matches('dialog.find input') && document.querySelector('.find [role=option]')));
await tab.keyboard.type('srccount');
judge('what fits best is first', 'src/count.cc', await tab.locator('.find [aria-selected=true]').textContent());
judge('the letters that fit are marked', 'srccount', (await tab.locator('.find [aria-selected=true] b').allTextContents()).join(''));
judge('the field says which is chosen', true, await tab.evaluate(() =>
  document.getElementById(document.querySelector('.find input').getAttribute('aria-activedescendant')) === document.querySelector('.find [aria-selected=true]')));
judge('axe has nothing to say of it', '', await violations('dialog.find'));
const above = await top();
await tab.locator('.find input').fill('t');
const offered = await tab.locator('.find [role=option]').allTextContents();
await press('ArrowDown');
judge('an arrow goes to the next', offered[1], await tab.locator('.find [aria-selected=true]').textContent());
await press('ArrowUp', 'ArrowUp');
judge('and back, not further', offered[0], await tab.locator('.find [aria-selected=true]').textContent());
await tab.locator('.find input').fill('nosuchfileatall');
judge('what is nowhere finds nothing', 0, await tab.locator('.find [role=option]').count());
judge('and says so', 'no file is called that', await tab.locator('.find [role=status]').textContent());
judge('the field stays where it is', above, await top());
await press('Enter');
judge('and goes nowhere', `/${name}`, at());
await tab.locator('.find input').fill('cmake');
await press('Enter');
judge('Enter opens it, at the default branch', `/${name}/-/file/HEAD/CMakeLists.txt`, await arrives(`/${name}/-/file/HEAD/CMakeLists.txt`));
await open(`/${name}/-/tree/v0.1`);
await press('t');
await until(() => document.querySelector('.find [role=option]'));
await tab.keyboard.type('longname');
await press('Enter');
const long = `/${name}/-/file/v0.1/src/a-directory-with-a-rather-long-name/a-file-whose-name-is-long-too.txt`;
judge('at a tag it is the tag\'s', long, await arrives(long));
await press('t');
await until(() => document.querySelector('.find [role=option]'));
await press('Escape');
judge('Escape gives it up', 0, await tab.locator('dialog.find').count());
await tab.locator('.finder').click();
judge('"find a file" asks, too', true, await until(() => document.querySelector('.find [role=option]')));
await tab.mouse.click(3, 3);
judge('a click beside it gives it up', true, await until(() => !document.querySelector('dialog.find')));
judge('and leads nowhere', long, at());

await open(`/${name}`);
await press('/');
judge('/ goes to the search', `/${name}/-/search`, await arrives(`/${name}/-/search`));
await press('/');
judge('and there into its field', 'q', await tab.evaluate(() => document.activeElement.name));
await tab.keyboard.type('count/j?');
judge('where keys are letters', 'count/j?', await tab.locator('input[name=q]').inputValue());
await tab.locator('input[name=q]').fill('count to 13');
await press('Enter');
await tab.waitForURL('**/search?*count+to+13*');
judge('Enter asks', 'count to 13', new URL(tab.url()).searchParams.get('q'));
judge('and finds', true, (await tab.locator('main').textContent()).includes('with a subject that goes on'));
await open(`/${name}/-/refs`);
await press('/');
judge('on a page with a filter / is the filter', 'q', await tab.evaluate(() => document.activeElement.name));

await open(`/${name}/-/log`);
const subjects = await tab.locator('.commits .subject').allTextContents();
await press('j');
judge('j is the first', subjects[0], await focused());
await press('j', 'j');
judge('and the next', subjects[2], await focused());
await press('k');
judge('k the one before', subjects[1], await focused());
for (let i = 0; i < 20; i += 1) await press('j');
judge('there is no further than the last', subjects.at(-1), await focused());
const wanted = await tab.evaluate(() => new URL(document.activeElement.href).pathname);
await press('Enter');
judge('Enter opens it', wanted, await arrives(wanted));
await open('/');
await press('k');
judge('k begins with the last', (await tab.locator('.repositories .name').allTextContents()).at(-1), await focused());

await open(`/${name}/-/file/main/src/count.cc#L3`);
await press('y');
judge('y says which commit, and keeps the line', true, /\/-\/file\/[0-9a-f]{40}\/src\/count\.cc#L3$/.test(at()));
const fixed = at();
await tab.reload();
judge('which is the same page', true, at() === fixed && (await tab.locator('.marked').count()) === 1);
await open(`/${name}/-/file/main/src/count.cc`);
const symbol = await tab.evaluate(() => {
  const place = document.querySelector('.code .fn');
  getSelection().selectAllChildren(place);
  return place.textContent;
});
await press('s');
await tab.waitForURL('**/-/symbol/main?*').catch(() => {});
judge('s tells all about a name', symbol, new URL(tab.url()).searchParams.get('name'));
await open(`/${name}/-/file/main/src/count.cc`);
await tab.locator('.code .fn').first().hover();
await press('d');
judge('d goes to its definition', true, await tab.waitForURL(/src\/count\.cc\?.*line=\d+.*#L\d+$/).then(() => true, () => false));
await open(`/${name}/-/log`);
await press('Control+j', 'Alt+t', 'Control+y');
judge('with Control or Alt a key is the browser\'s', `/${name}/-/log 0`, `${at()} ${await tab.locator('dialog').count()}`);
for (const [key, path] of [['f', `/${name}/-/tree`], ['l', `/${name}/-/log`], ['h', `/${name}`], ['u', '/']]) {
  await press(key);
  const there = await arrives(path);
  judge(`${key} goes to ${path}`, true, there === path || there.startsWith(`${path}/`));
}
judge('the console is silent', '', complaints.join(' ¶ '));
// The outline is placed by the style alone.
const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 }, extraHTTPHeaders: process.env.READER ? { 'Remote-User': process.env.READER, 'Quire-Proxy-Secret': process.env.SECRET } : {} });
const page = await plain.newPage();
await page.goto(`${site}/${name}/-/file/v0.1/src/count.cc`);
judge('and "find a file" leads to the search', true, (await page.locator('.finder').getAttribute('href')).endsWith('/-/search/v0.1'));
const outline = page.locator('.outline > ul');
judge('without a script the outline is to be seen', true, await outline.isVisible());
const beside = (await outline.boundingBox()).x, code = await page.locator('.outlined > div').boundingBox();
judge('at the right end of the code', true, beside >= code.x + code.width);
await page.setViewportSize({ width: 390, height: 800 });
judge('on a phone it is folded', false, await outline.isVisible());
await page.locator('.outline label').click();
judge('and unfolds', true, await outline.isVisible());
await plain.close();

await browser.close();

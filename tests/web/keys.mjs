// node tests/web/keys.mjs TOOLS SITE REPOSITORY
//
// The keyboard of a reader in headless Chromium: what `?` lists, finding a file, searching, moving, permalinks. REPOSITORY
// is the one that tests/e2e/web_looks made.
import { axeOf, complaintsOf, launch, open, parameters, same } from './browser.mjs';

const [tools, site, name] = parameters('TOOLS SITE REPOSITORY');
const axe = axeOf(tools);
const browser = await launch(tools);
const tab = await open(browser);
tab.setDefaultTimeout(15000);
const complaints = complaintsOf(tab);

const visit = (path) => tab.goto(site + path);
const press = async (...keys) => { for (const key of keys) await tab.keyboard.press(key); };
const at = () => decodeURIComponent(tab.url().replace(site, ''));
const arrives = (path) => tab.waitForURL((url) => decodeURIComponent(url.href).replace(site, '') === path, { waitUntil: 'load' }).then(() => at(), () => at());
const focused = () => tab.evaluate(() => document.activeElement.textContent);
const violations = async (selector) => {
  await tab.evaluate(axe);
  return tab.evaluate(async (where) => (await globalThis.axe.run(where)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`).join(' ¶ '), selector);
};
const until = (expression) => tab.waitForFunction(expression).then(() => true, () => false);

await visit(`/${name}`);
await press('?');
same('? lists the keys', true, await tab.locator('dialog.keys').isVisible());
const listed = await tab.locator('dialog.keys dt').allTextContents();
same('all of them, in groups', 't / ? j k h f l u d s w y n p N P', listed.join(' '));
same('that have names', 'anywhere lists go to code changes', (await tab.locator('dialog.keys h2').allTextContents()).join(' '));
same('each with what it does', listed.length, (await tab.locator('dialog.keys dd').allTextContents()).filter(Boolean).length);
same('axe has nothing to say of it', '', await violations('dialog.keys'));
await press('Escape');
same('Escape closes it', false, await tab.locator('dialog.keys').isVisible());
await press('?', '?');
same('so does another ?', false, await tab.locator('dialog.keys').isVisible());

await press('t');
const top = () => tab.evaluate(() => document.querySelector('.find input').getBoundingClientRect().top);
same('t asks for a file', true, await until(() => document.activeElement.matches('dialog.find input') && document.querySelector('.find [role=option]')));
await tab.keyboard.type('srccount');
same('what fits best is first', 'src/count.cc', await tab.locator('.find [aria-selected=true]').textContent());
same('the letters that fit are marked', 'srccount', (await tab.locator('.find [aria-selected=true] b').allTextContents()).join(''));
same('the field says which is chosen', true, await tab.evaluate(() =>
  document.getElementById(document.querySelector('.find input').getAttribute('aria-activedescendant')) === document.querySelector('.find [aria-selected=true]')));
same('axe has nothing to say of it', '', await violations('dialog.find'));
const above = await top();
await tab.locator('.find input').fill('t');
const offered = await tab.locator('.find [role=option]').allTextContents();
await press('ArrowDown');
same('an arrow goes to the next', offered[1], await tab.locator('.find [aria-selected=true]').textContent());
await press('ArrowUp', 'ArrowUp');
same('and back, not further', offered[0], await tab.locator('.find [aria-selected=true]').textContent());
await tab.locator('.find input').fill('nosuchfileatall');
same('what is nowhere finds nothing', 0, await tab.locator('.find [role=option]').count());
same('and says so', 'no file is called that', await tab.locator('.find [role=status]').textContent());
same('the field stays where it is', above, await top());
await press('Enter');
same('and goes nowhere', `/${name}`, at());
await tab.locator('.find input').fill('cmake');
await press('Enter');
same('Enter opens it, at the default branch', `/${name}/-/file/HEAD/CMakeLists.txt`, await arrives(`/${name}/-/file/HEAD/CMakeLists.txt`));
await visit(`/${name}/-/tree/v0.1`);
await press('t');
await until(() => document.querySelector('.find [role=option]'));
await tab.keyboard.type('longname');
await press('Enter');
const long = `/${name}/-/file/v0.1/src/a-directory-with-a-rather-long-name/a-file-whose-name-is-long-too.txt`;
same('at a tag it is the tag\'s', long, await arrives(long));
await press('t');
await until(() => document.querySelector('.find [role=option]'));
await press('Escape');
same('Escape gives it up', 0, await tab.locator('dialog.find').count());
await tab.locator('.finder').click();
same('"find a file" asks, too', true, await until(() => document.querySelector('.find [role=option]')));
await tab.mouse.click(3, 3);
same('a click beside it gives it up', true, await until(() => !document.querySelector('dialog.find')));
same('and leads nowhere', long, at());

await visit(`/${name}`);
await press('/');
same('/ goes to the search', `/${name}/-/search`, await arrives(`/${name}/-/search`));
await press('/');
same('and there into its field', 'q', await tab.evaluate(() => document.activeElement.name));
await tab.keyboard.type('count/j?');
same('where keys are letters', 'count/j?', await tab.locator('input[name=q]').inputValue());
await tab.locator('input[name=q]').fill('count to 13');
await press('Enter');
await tab.waitForURL('**/search?*count+to+13*');
same('Enter asks', 'count to 13', new URL(tab.url()).searchParams.get('q'));
same('and finds', true, (await tab.locator('main').textContent()).includes('with a subject that goes on'));
await visit(`/${name}/-/refs`);
await press('/');
same('on a page with a filter / is the filter', 'q', await tab.evaluate(() => document.activeElement.name));

await visit(`/${name}/-/log`);
const subjects = await tab.locator('.commits .subject').allTextContents();
await press('j');
same('j is the first', subjects[0], await focused());
await press('j', 'j');
same('and the next', subjects[2], await focused());
await press('k');
same('k the one before', subjects[1], await focused());
for (let i = 0; i < 20; i += 1) await press('j');
same('there is no further than the last', subjects.at(-1), await focused());
const wanted = await tab.evaluate(() => new URL(document.activeElement.href).pathname);
await press('Enter');
same('Enter opens it', wanted, await arrives(wanted));
await visit('/');
await press('k');
same('k begins with the last', (await tab.locator('.repositories .name').allTextContents()).at(-1), await focused());

await visit(`/${name}/-/file/main/src/count.cc#L3`);
await press('y');
same('y says which commit, and keeps the line', true, /\/-\/file\/[0-9a-f]{40}\/src\/count\.cc#L3$/.test(at()));
const fixed = at();
await tab.reload();
same('which is the same page', true, at() === fixed && (await tab.locator('.marked').count()) === 1);
await visit(`/${name}/-/file/main/src/count.cc`);
const symbol = await tab.evaluate(() => {
  const place = document.querySelector('.code .fn');
  getSelection().selectAllChildren(place);
  return place.textContent;
});
await press('s');
await tab.waitForURL('**/-/symbol/main?*').catch(() => {});
same('s tells all about a name', symbol, new URL(tab.url()).searchParams.get('name'));
await visit(`/${name}/-/file/main/src/count.cc`);
await tab.locator('.code .fn').first().hover();
await press('d');
same('d goes to its definition', true, await tab.waitForURL(/src\/count\.cc\?.*line=\d+.*#L\d+$/).then(() => true, () => false));
await visit(`/${name}/-/log`);
await press('Control+j', 'Alt+t', 'Control+y');
same('with Control or Alt a key is the browser\'s', `/${name}/-/log 0`, `${at()} ${await tab.locator('dialog').count()}`);
for (const [key, path] of [['f', `/${name}/-/tree`], ['l', `/${name}/-/log`], ['h', `/${name}`], ['u', '/']]) {
  await press(key);
  const there = await arrives(path);
  same(`${key} goes to ${path}`, true, there === path || there.startsWith(`${path}/`));
}
same('the console is silent', '', complaints.join(' ¶ '));
// The outline is placed by the style alone.
const page = await open(browser, { javaScriptEnabled: false, viewport: { width: 1280, height: 800 } });
await page.goto(`${site}/${name}/-/file/v0.1/src/count.cc`);
same('and "find a file" leads to the search', true, (await page.locator('.finder').getAttribute('href')).endsWith('/-/search/v0.1'));
const outline = page.locator('.outline > ul');
same('without a script the outline is to be seen', true, await outline.isVisible());
const beside = (await outline.boundingBox()).x, code = await page.locator('.outlined > div').boundingBox();
same('at the right end of the code', true, beside >= code.x + code.width);
await page.setViewportSize({ width: 390, height: 800 });
same('on a phone it is folded', false, await outline.isVisible());
await page.locator('.outline label').click();
same('and unfolds', true, await outline.isVisible());
await browser.close();

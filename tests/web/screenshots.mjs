// node tests/web/screenshots.mjs BASE_URL REPOSITORY OUT_DIR [RUN JOB] [NAME=PATH...]
//
// Pictures of every page, made by headless Chromium: light and dark at 1280 pixels, and at 390. For a person to look at;
// what it checks by itself is that a page is there, is no wider than its window, and that the console stays silent. With a
// run and a job of it, their pages too, and those whose paths are given, with the status before a path if it is not 200. ONLY in the environment names the pages to take
// instead of all. Talks to the browser through its own debugging pipe; needs no package.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flags, headers, judge, parameters } from './browser.mjs';

const isPage = (word) => /^[a-z-]+=\d*\//.test(word);
const words = parameters('BASE_URL REPOSITORY OUT_DIR [RUN JOB] [NAME=PATH...]');
const [site, name, out, run, job] = words.filter((word) => !isPage(word));
mkdirSync(out, { recursive: true });

const log = await (await fetch(`${site}/${name}/-/log`, { headers })).text();
const commit = log.match(/\/-\/commit\/[0-9a-f]{40}/)?.[0] ?? '/-/log';
const pages = {
  list: '/', home: `/${name}`, tree: `/${name}/-/tree/main`, file: `/${name}/-/file/main/CMakeLists.txt`,
  readme: `/${name}/-/file/main/README.md`, log: `/${name}/-/log`, commit: `/${name}${commit}`,
  refs: `/${name}/-/refs`, runs: `/${name}/runs`, 'run-times': `/${name}/runs/times`, missing: '404/nosuch', blame: `/${name}/-/blame/main/README.md`, follow: `/${name}/-/follow/main/README.md?lines=1-5`, trail: `/${name}/-/trail/main/README.md`, search: `/${name}/-/search?q=fnl`,
  'file-range': `/${name}/-/file/main/CMakeLists.txt?wrap=1#L5-L12`, 'search-regex': `/${name}/-/search?q=%28local%7Cfn%29%20%5Cw%2B&as=regex`, 'search-all': '/-/search?q=ci', symbol: `/${name}/-/symbol/main/main`, 'switch-ref': `/${name}/-/refs?view=tree`, 'search-changes': `/${name}/-/search?q=main&in=changes`,
  compare: `/${name}/-/compare/v0.1..main`, pushes: `/${name}/-/pushes`, split: `/${name}${commit}?view=split`,
};

const change = log.match(/\/-\/change\/[0-9a-zI]+/)?.[0];
if (change) pages.change = `/${name}${change}`;
if (run) {
  const of = `/${name}/runs/${run}`;
  Object.assign(pages, { 'runs-all': '/runs', run: of, 'run-log': `${of}/log/${encodeURIComponent(job)}`,
    'run-log-times': `${of}/log/${encodeURIComponent(job)}?times=1`, 'run-pipeline': `${of}/pipeline` });
}
for (const word of words.filter(isPage)) pages[word.split('=', 1)[0]] = word.slice(word.indexOf('=') + 1);
// A page of trouble has its status before its path.
const wanted = {};
for (const [page, path] of Object.entries(pages)) {
  const [, code, rest] = path.match(/^(\d*)(.*)$/s);
  if (code) [wanted[page], pages[page]] = [Number(code), rest];
}
const only = process.env.ONLY?.split(' ') ?? Object.keys(pages);

const profile = mkdtempSync(join(tmpdir(), 'quire-screenshots-'));
const browser = spawn('chromium', [...flags, '--hide-scrollbars',
  '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4', // as with a mouse
  '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const [, , , toBrowser, fromBrowser] = browser.stdio;

let last = 0;
let buffer = '';
const waiting = new Map();
const listeners = new Set();
fromBrowser.setEncoding('utf8');
fromBrowser.on('data', (data) => {
  buffer += data;
  for (let end; (end = buffer.indexOf('\0')) >= 0; buffer = buffer.slice(end + 1)) {
    const message = JSON.parse(buffer.slice(0, end));
    if (message.id) waiting.get(message.id)?.(message);
    else for (const listen of listeners) listen(message);
  }
});
function call(method, params = {}, sessionId) {
  const id = ++last;
  toBrowser.write(JSON.stringify({ id, method, params, sessionId }) + '\0');
  return new Promise((resolve, reject) => waiting.set(id, (m) => (m.error ? reject(new Error(`${method}: ${m.error.message}`)) : resolve(m.result))));
}
function event(method) {
  return new Promise((resolve) => {
    const listen = (message) => {
      if (message.method !== method) return;
      listeners.delete(listen);
      resolve(message.params);
    };
    listeners.add(listen);
  });
}

const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await call(`${domain}.enable`, {}, sessionId);
await call('Network.setExtraHTTPHeaders', { headers }, sessionId);

let faults = 0;
let wrong = [];
let status = 0;
let expected = 200;
listeners.add(({ method, params }) => {
  // The browser complains of a page of trouble, too.
  if (method === 'Log.entryAdded' && !params.entry.text.includes(`status of ${expected}`)) wrong.push(params.entry.text);
  if (method === 'Runtime.consoleAPICalled') wrong.push(params.args.map(({ value }) => value).join(' '));
  if (method === 'Runtime.exceptionThrown') wrong.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
  if (method === 'Network.responseReceived' && params.type === 'Document' && params.response.url.startsWith(site)) status = params.response.status;
});
// The page's width, when what comes after the page has come too.
const width = `new Promise((resolve) => {
  const until = Date.now() + 3000;
  const look = () => (document.querySelector('.fill') && Date.now() < until ? setTimeout(look, 20) : resolve(document.documentElement.scrollWidth));
  look();
})`;

// What reaches furthest to the right, and so makes a page wider than its window; what scrolls by itself does not.
const widest = `(() => {
  const right = (element) => element.getBoundingClientRect().right;
  let found = document.body;
  const look = (element) => {
    if (right(element) > right(found)) found = element;
    if (getComputedStyle(element).overflowX === 'visible') for (const child of element.children) look(child);
  };
  look(document.body);
  return found.outerHTML.slice(0, 120);
})()`;

let pictures = 0;
async function take(page, wide, scheme) {
  await call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] }, sessionId);
  const { result } = await call('Runtime.evaluate', { expression: width, awaitPromise: true }, sessionId);
  const { data } = await call('Page.captureScreenshot', { format: 'png' }, sessionId);
  writeFileSync(join(out, `${page}-${wide}-${scheme}.png`), Buffer.from(data, 'base64'));
  const culprit = result.value > wide ? (await call('Runtime.evaluate', { expression: widest }, sessionId)).result.value : '';
  const why = [...wrong, ...(culprit ? [`the page is ${result.value} pixels wide: ${culprit}`] : []),
    ...(status === expected ? [] : [`it answers ${status}`])];
  pictures += 1;
  if (why.length > 0) faults += 1;
  judge(`${page}, ${wide} pixels, ${scheme}`, why);
}

for (const page of only) {
  expected = wanted[page] ?? 200;
  for (const wide of [1280, 390]) {
    wrong = [];
    status = 0;
    await call('Emulation.setDeviceMetricsOverride', { width: wide, height: 1100, deviceScaleFactor: 1, mobile: wide < 500 }, sessionId);
    // To an address with a fragment the browser would only scroll, were it not elsewhere before.
    for (const url of [...(pages[page].includes('#') ? ['about:blank'] : []), site + pages[page]]) {
      const loaded = event('Page.loadEventFired');
      await call('Page.navigate', { url }, sessionId);
      await loaded;
    }
    for (const scheme of ['light', 'dark']) await take(page, wide, scheme);
  }
}
console.error(`screenshots: ${pictures - faults} passed, ${faults} failed`);
const ended = new Promise((resolve) => browser.once('exit', resolve));
await call('Browser.close').catch(() => {});
await ended;
rmSync(profile, { recursive: true, force: true });
process.exit(faults > 0 ? 1 : 0);

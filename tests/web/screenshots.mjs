// node tests/web/screenshots.mjs BASE_URL REPOSITORY OUT_DIR [RUN JOB]
//
// With a run and a job of it, their pages too. READER in the environment is who is logged in.
// Pictures of every page, made by headless Chromium: light and dark at 1280 pixels, and at 390. For a person to look at;
// what it checks by itself is that no page is wider than its window and that the console stays silent. Talks to the
// browser through its own debugging pipe; needs no package.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [site, name, out, run, job] = process.argv.slice(2);
if (!out) {
  console.error('usage: node tests/web/screenshots.mjs BASE_URL REPOSITORY OUT_DIR [RUN JOB]');
  process.exit(100);
}
mkdirSync(out, { recursive: true });

const headers = process.env.READER ? { 'Remote-User': process.env.READER } : {};
const log = await (await fetch(`${site}/${name}/-/log`, { headers })).text();
const commit = log.match(/\/-\/commit\/[0-9a-f]{40}/)?.[0] ?? '/-/log';
const pages = {
  list: '/', home: `/${name}`, tree: `/${name}/-/tree/main`, file: `/${name}/-/file/main/CMakeLists.txt`,
  readme: `/${name}/-/file/main/README.md`, log: `/${name}/-/log`, commit: `/${name}${commit}`,
  refs: `/${name}/-/refs`, runs: `/${name}/runs`, missing: '/nosuch', blame: `/${name}/-/blame/main/README.md`, search: `/${name}/-/search?q=fnl`,
  'file-range': `/${name}/-/file/main/CMakeLists.txt?wrap=1#L5-L12`, 'search-changes': `/${name}/-/search?q=main&in=changes`,
  compare: `/${name}/-/compare/v0.1..main`, split: `/${name}${commit}?view=split`,
};

if (run) {
  const of = `/${name}/runs/${run}`;
  Object.assign(pages, { 'runs-all': '/runs', run: of, 'run-log': `${of}/log/${encodeURIComponent(job)}`,
    'run-log-times': `${of}/log/${encodeURIComponent(job)}?times=1`, 'run-pipeline': `${of}/pipeline` });
}

const profile = mkdtempSync(join(tmpdir(), 'quire-screenshots-'));
const browser = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
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
function fault(text) {
  faults += 1;
  console.log(`  FAIL  ${text}`);
}
let at = '';
listeners.add((message) => {
  // A page that is missing is one of the pages.
  if (message.method === 'Log.entryAdded' && !message.params.entry.text.includes('404')) fault(`${at}: ${message.params.entry.text}`);
});

let pictures = 0;
for (const [page, path] of Object.entries(pages)) {
  for (const [width, scheme] of [[1280, 'light'], [1280, 'dark'], [390, 'light'], [390, 'dark']]) {
    at = `${page} ${width} ${scheme}`;
    await call('Emulation.setDeviceMetricsOverride', { width, height: 1100, deviceScaleFactor: 1, mobile: width < 500 }, sessionId);
    await call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] }, sessionId);
    // From an empty page: to an address with a fragment the browser would only scroll.
    for (const url of ['about:blank', site + path]) {
      const loaded = event('Page.loadEventFired');
      await call('Page.navigate', { url }, sessionId);
      await loaded;
    }
    const { result } = await call('Runtime.evaluate', { expression: 'document.documentElement.scrollWidth' }, sessionId);
    if (result.value > width) fault(`${at}: the page is ${result.value} pixels wide`);
    const { data } = await call('Page.captureScreenshot', { format: 'png' }, sessionId);
    writeFileSync(join(out, `${page}-${width}-${scheme}.png`), Buffer.from(data, 'base64'));
    pictures += 1;
  }
}
console.log(`screenshots: ${pictures} passed, ${faults} failed`);
const ended = new Promise((resolve) => browser.once('exit', resolve));
await call('Browser.close').catch(() => {});
await ended;
rmSync(profile, { recursive: true, force: true });
process.exit(faults > 0 ? 1 : 0);

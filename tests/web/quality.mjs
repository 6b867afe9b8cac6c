// node tests/web/quality.mjs TOOLS SITE REPOSITORY PORT
//
// Judges every page of a forge in headless Chromium: axe-core in light and dark, some at 390 pixels too, html-validate,
// what a page weighs and whom it asks, and Lighthouse on the pages that people see first. PORT is a free port for
// Lighthouse to reach the browser by. REPOSITORY has a branch main, a tag v0.1 and a run 1 that everybody may see.
import { pathToFileURL } from 'node:url';
import { axeOf, complaintsOf, judge, launch, open, packages, parameters, say, telephone } from './browser.mjs';

const [tools, site, name, port] = parameters('TOOLS SITE REPOSITORY PORT');
const { HtmlValidate } = packages(tools)('html-validate');
const axe = axeOf(tools);
const most = 30 * 1024;

const text = async (path) => (await fetch(site + path)).text();

async function allPages() {
  const commit = (await text(`/${name}/-/log`)).match(/\/-\/commit\/[0-9a-f]{40}/)?.[0];
  const pages = {
    list: '/', home: `/${name}`, tree: `/${name}/-/tree/main`, directory: `/${name}/-/tree/main/src`,
    file: `/${name}/-/file/main/src/count.cc`, readme: `/${name}/-/file/main/README.md`, commit: `/${name}${commit}`,
    split: `/${name}${commit}?view=split`, log: `/${name}/-/log`, refs: `/${name}/-/refs`,
    compare: `/${name}/-/compare/v0.1..main`, blame: `/${name}/-/blame/main/src/count.cc`, follow: `/${name}/-/follow/main/src/count.cc?lines=1-3`,
    search: `/${name}/-/search?q=count`,
    'search in changes': `/${name}/-/search?q=count&in=changes`, 'wrapped file': `/${name}/-/file/main/src/count.cc?wrap=1`, 'empty search': `/${name}/-/search`, runs: `/${name}/runs`, missing: '/nosuch',
    'missing file': `/${name}/-/file/main/nosuch`, 'empty repository': '/empty',
  };
  if ((await fetch(`${site}/${name}/runs/1`)).ok) {
    pages.run = `/${name}/runs/1`;
    const logs = new Set((await text(pages.run)).match(new RegExp(`/${name}/runs/1/log/[^"#?]+`, 'g')));
    [...logs].forEach((path, i) => { pages[`run log ${i + 1}`] = path; });
  }
  return pages;
}

async function judgeHtml(page, path) {
  const report = await new HtmlValidate({ root: true, extends: ['html-validate:recommended'] })
    .validateString(await text(path), page);
  judge(`${page}: its HTML is valid`, report.results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`)));
}

// What went over the wire for one page, as the browser counts it: headers, bodies as they were compressed.
async function weigh(tab) {
  const session = await tab.context().newCDPSession(tab);
  const asked = [];
  let bytes = 0;
  session.on('Network.requestWillBeSent', ({ request, type }) => asked.push({ url: request.url, type }));
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  return () => {
    const count = (type) => asked.filter((one) => one.type === type).length;
    const foreign = asked.filter(({ url }) => !url.startsWith(`${site}/`) && !url.startsWith('data:'));
    return [
      ...(bytes > 0 && bytes < most ? [] : [`${bytes} bytes`]),
      ...(count('Stylesheet') === 1 ? [] : [`${count('Stylesheet')} stylesheets`]),
      ...(count('Script') <= 1 ? [] : [`${count('Script')} scripts`]),
      ...(count('Font') === 0 ? [] : ['a font']),
      ...foreign.map(({ url }) => `asks for ${url}`),
    ];
  };
}

async function judgeByAxe(tab, what) {
  await tab.evaluate(axe);
  const { violations, passes } = await tab.evaluate(() => globalThis.axe.run(document));
  judge(`${what}: axe has nothing to say`, [
    ...(passes.length > 5 ? [] : ['axe looked at nothing']),
    ...violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 4).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`)]);
}

async function judgeOnTelephone(browser, page, path, colorScheme) {
  const tab = await open(browser, { ...telephone, colorScheme });
  await tab.goto(site + path, { waitUntil: 'load' });
  await judgeByAxe(tab, `${page} on a telephone, ${colorScheme}`);
  await tab.context().close();
}

async function judgeInBrowser(browser, page, path, colorScheme) {
  const tab = await open(browser, { colorScheme });
  const complaints = complaintsOf(tab, ['404']); // a missing page is missing
  const weight = await weigh(tab);
  // A page that follows a run never falls silent, so not 'networkidle'.
  await tab.goto(site + path, { waitUntil: 'load' });
  await judgeByAxe(tab, `${page}, ${colorScheme}`);
  if (colorScheme === 'light') {
    judge(`${page}: it is light and asks nobody else`, weight());
    judge(`${page}: the console is silent`, complaints);
  }
  await tab.context().close();
}

async function judgeByLighthouse(pages, scheme) {
  const { default: lighthouse } = await import(pathToFileURL(packages(tools).resolve('lighthouse')));
  // Lighthouse opens tabs of its own, so the browser as a whole has to prefer dark.
  const browser = await launch(tools, [`--remote-debugging-port=${port}`, `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`]);
  // Speed is for tests/bench/lighthouse: what else a machine does must not decide over a test.
  const fast = process.env.JUDGE_SPEED && scheme === 'light';
  const categories = ['accessibility', 'best-practices', ...(fast ? ['performance'] : [])];
  for (const page of ['home', 'file', 'commit', 'run']) {
    if (!pages[page]) {
      say('gap', `Lighthouse on the ${page} page`, 'there is no such page yet');
      continue;
    }
    const best = {};
    const why = {};
    // A busy machine costs points of performance, never gains any: the best of five counts.
    for (let tries = 0; tries < (fast ? 5 : 1) && (tries === 0 || best.performance < 100); tries += 1) {
      const { lhr } = await lighthouse(site + pages[page], { port: Number(port), logLevel: 'silent', onlyCategories: categories });
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      for (const category of categories) {
        const score = Math.round(lhr.categories[category].score * 100);
        if (!(score <= best[category])) {
          best[category] = score;
          why[category] = lhr.categories[category].auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
            .map(({ id }) => `${id}: ${lhr.audits[id].displayValue ?? lhr.audits[id].title}`);
        }
      }
    }
    for (const category of categories)
      judge(`${page}: Lighthouse gives 100 for ${category}, ${scheme}`, best[category] === 100 ? [] : [`${best[category]}`, ...why[category]]);
  }
  await browser.close();
}

const pages = await allPages();
const small = ['home', 'readme', 'file', 'commit', 'run'];
const browser = await launch(tools);
for (const [page, path] of Object.entries(pages)) {
  await judgeHtml(page, path);
  for (const scheme of ['light', 'dark']) {
    await judgeInBrowser(browser, page, path, scheme);
    if (small.includes(page)) await judgeOnTelephone(browser, page, path, scheme);
  }
}
await browser.close();
for (const scheme of ['light', 'dark']) await judgeByLighthouse(pages, scheme);

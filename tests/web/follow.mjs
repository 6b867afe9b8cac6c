// node tests/web/follow.mjs EVENTS_URL RUN_DIRECTORY JOB_DIRECTORY LINES
//
// Writes a run's log as quire-ci does, in pieces that end anywhere, while a reader follows it and is cut off again and
// again, after a random number of bytes, coming back with the last id it has seen. In the end the rows it got, put
// together, have to be what was written: none lost, none twice. Prints how often it came back.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { headers, parameters } from './browser.mjs';

const [url, run, directory, count] = parameters('EVENTS_URL RUN_DIRECTORY JOB_DIRECTORY LINES');
const job = decodeURIComponent(directory);
let seed = Number(process.env.SEED ?? 1);
const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * below); };
const event = (fields) => appendFileSync(join(run, 'events.jsonl'), `${JSON.stringify({ at: '2026-11-21T12:00:00.000000000Z', ...fields })}\n`);

const steps = 3;
const expected = [];
async function write() {
  const logs = join(run, 'jobs', directory);
  mkdirSync(logs, { recursive: true });
  for (let step = 1; step <= steps; ++step) {
    event({ event: 'sh-started', job, number: step, cmd: `step ${step}` });
    let log = '';
    let index = '';
    let mark = 65536;
    let entry = 0;
    for (let i = 0; i < count / steps; ++i) {
      const text = `<${step}.${i}> & "${'x'.repeat(random(200))}"`;
      expected.push(text);
      // Some lines come in two entries.
      const cut = random(3) === 0 ? random(text.length) : text.length;
      for (const [part, tag] of cut < text.length ? [[text.slice(0, cut), 'P'], [text.slice(cut), 'F']] : [[text, 'F']]) {
        entry += 1;
        if (log.length >= mark) {
          index += `${String(log.length).padStart(15, '0')} ${String(entry).padStart(15, '0')}\n`;
          mark = (Math.floor(log.length / 65536) + 1) * 65536;
        }
        log += `2026-11-21T12:00:00.123456789Z stdout ${tag} ${part}\n`;
      }
    }
    writeFileSync(join(logs, `sh-${step}.log`), '');
    writeFileSync(join(logs, `sh-${step}.idx`), '');
    for (let at = 0; at < log.length;) {
      const size = 1 + random(6000);
      appendFileSync(join(logs, `sh-${step}.log`), log.slice(at, at + size));
      at += size;
      const records = index.split('\n').filter((line) => line && Number(line.slice(0, 15)) < at).map((line) => `${line}\n`).join('');
      writeFileSync(join(logs, `sh-${step}.idx`), records);
      await new Promise((resolve) => setTimeout(resolve, random(4)));
    }
    event({ event: 'sh-ended', job, number: step, exit: 0, duration: 0.1 });
  }
  event({ event: 'job-ended', job, state: 'succeeded', duration: 1 });
}

const rows = [];
const done = [];
let ended = false;
let last = '';
let visits = 0;
const plain = (markup) => markup.replace(/<a [^>]*>\d+<\/a>/, '').replace(/<[^>]*>/g, '')
  .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
function take(block) {
  const fields = { data: [] };
  for (const line of block.split('\n')) {
    const [, name, value] = line.match(/^(\w+): ?(.*)$/s) ?? [];
    if (name === 'data') fields.data.push(value);
    else if (name) fields[name] = value;
  }
  if (fields.id) last = fields.id;
  // A row ends with its newline and a closing tag.
  if (fields.event === 'rows') rows.push(...fields.data.join('\n').split('\n</span>').filter(Boolean).map(plain));
  if (fields.event === 'done') done.push(fields.id);
  if (fields.event === 'end') ended = true;
}
function visit() {
  return new Promise((resolve, reject) => {
    visits += 1;
    let left = 200 + random(60000);
    let buffer = '';
    const request = http.get(url, { headers: { ...headers, ...(last ? { 'Last-Event-ID': last } : {}) } }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`answered ${answer.statusCode}`));
      answer.setEncoding('utf8');
      answer.on('data', (data) => {
        buffer += data;
        for (let end; (end = buffer.indexOf('\n\n')) >= 0; buffer = buffer.slice(end + 2)) take(buffer.slice(0, end));
        left -= data.length;
        if (left <= 0) request.destroy();
      });
      answer.on('close', resolve);
      answer.on('error', () => {});
    });
    request.on('error', resolve);
  });
}

const writing = write();
while (!ended && visits < 100000) {
  try {
    await visit();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
await writing;
const wrong = rows.findIndex((row, i) => row !== expected[i]);
if (!ended || rows.length !== expected.length || wrong >= 0) {
  console.error(`${rows.length} rows of ${expected.length}, first wrong ${wrong}: got ${JSON.stringify(rows[wrong])}, expected ${JSON.stringify(expected[wrong])}`);
  process.exit(1);
}
if (done.join() !== '1.end,2.end,3.end') {
  console.error(`the steps ended as ${done}`);
  process.exit(1);
}
console.log(`${rows.length} rows in ${visits} visits`);

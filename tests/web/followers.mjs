// node tests/web/followers.mjs EVENTS_URL LOG_FILE PID COUNT
//
// COUNT readers follow a log in which nothing happens: what they cost the server (process PID) in memory and in processor
// time, and how long a line that is then written takes to reach all of them. READER is who is logged in.
import { appendFileSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { headers, parameters } from './browser.mjs';

const [url, log, pid, wanted] = parameters('EVENTS_URL LOG_FILE PID COUNT');
const count = Number(wanted);
const rss = () => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/RssAnon:\s+(\d+)/)[1]);
const ticks = () => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (what, condition) => {
  for (let left = 600; left > 0; --left) {
    if (condition()) return;
    await pause(50);
  }
  console.error(`${what}: not within 30 seconds`);
  process.exit(1);
};

const before = rss();
let open = 0;
let served = 0;
const agent = new http.Agent({ keepAlive: false, maxSockets: Infinity });
for (let i = 0; i < count; ++i) {
  const request = http.get(url, { agent, headers }, (answer) => {
    open += answer.statusCode === 200 ? 1 : 0;
    answer.setEncoding('utf8');
    let text = '';
    answer.on('data', (data) => {
      if (text.includes('the news')) return;
      text += data;
      served += text.includes('the news') ? 1 : 0;
    });
    answer.on('error', () => {});
  });
  request.on('error', () => {});
}
await until(`${count} readers are let in (${open})`, () => open === count);
await pause(2000);
const idle = ticks();
await pause(10000);
const spent = (ticks() - idle) * 10;
const each = (rss() - before) / count;
const begun = Date.now();
appendFileSync(log, '2026-11-21T12:00:03.123456789Z stdout F the news\n');
await until(`all get the news (${served})`, () => served === count);
console.log(`${count} readers: ${each.toFixed(1)} KB each, ${spent} ms of processor time in 10 s, news to all in ${Date.now() - begun} ms`);
process.exit(each < 48 && spent < 500 ? 0 : 1);

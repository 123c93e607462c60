// `npm run test:standards`: the tests whose titles name a section of a specification, `[SPEC §n]`, or an independent library,
// `[INTEROP name]`; counts per specification as the last line, JSON. They run in `npm test` too.
// With a folder as argument: tests compiled there are run, and nothing is built.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { build, checkNode, install, ROOT } from './prepare.mjs';

const TAG = /\[(?:INTEROP (?<library>[^\]]+)|(?<spec>[A-Z0-9][A-Z0-9.-]*) (?<section>§[^\]]+))\]/g;
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  checkNode();
  install();
  await build();
}

const tests = join(folder ?? `${ROOT}dist`, 'test');
const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => join(tests, name))
  .filter((file) => readFileSync(file, 'utf8').match(TAG));

process.chdir(ROOT);
const mocha = new Mocha({ timeout: 120_000, forbidOnly: true, reporter: Quiet, grep: new RegExp(TAG.source) });
mocha.files = files;
await mocha.loadFilesAsync();
const counts = { standards: {}, interop: {}, passed: 0, failed: 0, skipped: 0 };
const failures = [];
mocha.run(() => {
  report();
  process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
});

/** Mocha reporter: counts; what failed is told at the end. */
function Quiet(runner) {
  runner.on('pass', (test) => count(test, 'passed'));
  runner.on('pending', (test) => count(test, 'skipped'));
  runner.on('fail', (test, error) => {
    count(test, 'failed');
    failures.push(`✘ ${test.fullTitle()}\n${error.stack ?? error.message}`);
  });
}

function count(test, outcome) {
  counts[outcome]++;
  const specs = new Map();
  for (const { groups } of test.fullTitle().matchAll(TAG)) {
    const { library, spec, section } = groups;
    const table = library === undefined ? counts.standards : counts.interop;
    const entry = (table[library ?? spec] ??= { passed: 0, failed: 0, skipped: 0 });
    if (!specs.has(entry)) entry[outcome]++;
    specs.set(entry, true);
    if (section !== undefined) entry.sections = [...new Set([...(entry.sections ?? []), section])];
  }
}

function report() {
  for (const text of failures) console.log(`\n${text}`);
  for (const [title, table] of [
    ['\n规范 specifications', counts.standards],
    ['\n独立实现 independent libraries', counts.interop],
  ]) {
    console.log(title);
    for (const name of Object.keys(table).sort()) {
      const { passed, failed, skipped, sections = [] } = table[name];
      const marks = [`✔ ${passed}`, ...(failed ? [`✘ ${failed}`] : []), ...(skipped ? [`- ${skipped}`] : [])].join(
        '  ',
      );
      console.log(`  ${name.padEnd(42)} ${marks.padEnd(12)} ${sections.sort(bySection).join(' ')}`);
      delete table[name].sections;
    }
  }
  console.log(JSON.stringify(counts));
}

function bySection(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}

// node scripts/bench.mjs <name>: builds what is out of date and runs bench/<name>.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const name = process.argv[2];
const known = readdirSync('bench').flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;

if (!known.includes(name)) {
  console.error(`usage: node scripts/bench.mjs <${known.join('|')}>`);
  process.exit(3);
}
// The scanner is measured in the app as it is delivered, so that is built, too.
const build = name === 'scan' ? ['scripts/prepare.mjs'] : ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'];
process.exit(run(...build) || run(`dist/bench/${name}.js`));

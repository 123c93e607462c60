// node scripts/bench.mjs <name>: builds what is out of date and runs bench/<name>.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const name = process.argv[2] ?? '';
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;

if (!/^[a-z0-9-]+$/.test(name) || !existsSync(`bench/${name}.ts`)) {
  const known = execFileSync('ls', ['bench'], { encoding: 'utf8' }).match(/^[a-z0-9-]+(?=\.ts$)/gm) ?? [];
  console.error(`usage: node scripts/bench.mjs <${known.join('|')}>`);
  process.exit(3);
}
process.exit(run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json') || run(`dist/bench/${name}.js`));

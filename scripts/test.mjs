// `npm test`: install, lint, format, build, every test on this Node, then all but the slow ones on the other supported one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { build, checkNode, install, ROOT, run } from './prepare.mjs';

/** What npm's `node` package brings for the second run. */
const OTHER_NODE = process.versions.node.startsWith('20.') ? '24.9.0' : '20.19.6';

checkNode();
install();
rmSync(`${ROOT}dist`, { recursive: true, force: true });
build();
console.log('→ lint and format');
run(process.execPath, ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']);
run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--check', '.']);

mkdirSync(`${ROOT}.cache`, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
tests(process.execPath, 'all');
const other = otherNode();
if (other) tests(other, 'quick');
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function tests(node, mode) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n→ tests on Node ${version} (${mode})`);
  const out = `${ROOT}.cache/mocha-${mode}.json`;
  rmSync(out, { force: true });
  spawnSync(node, ['scripts/mocha-run.mjs', out, mode], { cwd: ROOT, stdio: 'inherit' });
  const stats = existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
  for (const key of Object.keys(total)) total[key] += stats[key];
}

/** Path of the other supported Node, from npm's `node` package, or undefined (said so) where there is none for this machine. */
function otherNode() {
  const folder = `${ROOT}.cache/node-${OTHER_NODE}`;
  const binary = `${folder}/node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  if (!existsSync(binary)) {
    console.log(`\n→ fetching Node ${OTHER_NODE} from npm for the second run`);
    mkdirSync(folder, { recursive: true });
    spawnSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node@${OTHER_NODE}`], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
  }
  if (existsSync(binary)) return binary;
  console.log(`! no Node ${OTHER_NODE} for this machine in npm: the second run is left out`);
  return undefined;
}

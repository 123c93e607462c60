// `npm test`: install, build; then on one core every test on this Node, on the other lint, format and all but the slow tests on
// the other supported Node. What the second lane printed is shown when it has finished.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { build, checkNode, install, ROOT } from './prepare.mjs';

/** What npm's `node` package brings for the second run. */
const OTHER_NODE = process.versions.node.startsWith('20.') ? '24.9.0' : '20.19.6';

checkNode();
install();
rmSync(`${ROOT}dist`, { recursive: true, force: true });
await build();
mkdirSync(`${ROOT}.cache`, { recursive: true });

const print = (text) => process.stdout.write(text);
const shown = [];
const keep = (text) => shown.push(text);
const [first, [linted, second]] = await Promise.all([
  tests(process.execPath, 'all', print),
  (async () => [await lint(keep), await otherNode(keep).then((node) => node && tests(node, 'quick', keep))])(),
]);
print(shown.join(''));
const total = { passed: 0, failed: linted ? 0 : 1, skipped: 0 };
for (const stats of [first, second]) for (const key of Object.keys(total)) total[key] += stats?.[key] ?? 0;
if (!linted) console.log('\n✗ lint or format: see above');
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

async function lint(write) {
  write('\n→ lint and format\n');
  const eslint = await child(
    process.execPath,
    ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
    write,
  );
  const prettier = await child(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--check', '.'], write);
  return eslint && prettier;
}

async function tests(node, mode, write) {
  await child(node, ['--eval', 'console.log("\\n→ tests on Node " + process.versions.node)'], write);
  const out = `${ROOT}.cache/mocha-${mode}.json`;
  rmSync(out, { force: true });
  await child(node, ['scripts/mocha-run.mjs', out, mode], write);
  return existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
}

/** Path of the other supported Node, from npm's `node` package, or undefined (said so) where there is none for this machine. */
async function otherNode(write) {
  const folder = `${ROOT}.cache/node-${OTHER_NODE}`;
  const binary = `${folder}/node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  if (!existsSync(binary)) {
    write(`\n→ fetching Node ${OTHER_NODE} from npm for the second run\n`);
    mkdirSync(folder, { recursive: true });
    const npm = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node@${OTHER_NODE}`];
    await child('npm', npm, write);
  }
  if (existsSync(binary)) return binary;
  write(`! no Node ${OTHER_NODE} for this machine in npm: the second run is left out\n`);
  return undefined;
}

/** Runs a command in the project folder; true when it ended well. */
function child(command, args, write) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command === 'npm';
    const running = spawn(command, args, { cwd: ROOT, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [running.stdout, running.stderr]) stream.setEncoding('utf8').on('data', write);
    running.on('error', (error) => write(`${error.message}\n`));
    running.on('close', (code) => resolve(code === 0));
  });
}

// `npm test`: install, build; then, on all cores, every test on this Node, all but the slow ones on the other supported Node, lint
// and format. What a job printed is shown when it has finished.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { build, checkNode, install, ROOT } from './prepare.mjs';
import { installSoftHsm } from './softhsm.mjs';
import { testJobs } from './test-jobs.mjs';

/** What npm's `node` package brings for the second run. */
const OTHER_NODE = process.versions.node.startsWith('20.') ? '24.9.0' : '20.19.6';
/** Several times what the longest job takes on two busy processors: a process in which every thread waits would never end. */
const PATIENCE_MS = 15 * 60_000;
const BIN = { eslint: 'node_modules/eslint/bin/eslint.js', prettier: 'node_modules/prettier/bin/prettier.cjs' };

checkNode();
install();
rmSync(`${ROOT}dist`, { recursive: true, force: true });
installSoftHsm((text) => process.stdout.write(text));
const other = await otherNode((text) => process.stdout.write(text));
await build();
mkdirSync(`${ROOT}.cache/tests`, { recursive: true });

const { startPostgres } = await import(`${ROOT}dist/test/database/start-postgres.js`);
const postgres = await startPostgres();
process.env.YIZHENG_TEST_POSTGRES = postgres.url;
const total = { passed: 0, failed: 0, skipped: 0 };
const failed = [];
const jobs = [
  ...testJobs('all').map(({ name, files }) => tests(process.execPath, 'all', name, files)),
  { name: 'lint', run: (write) => check([BIN.eslint, '.', '--max-warnings', '0'], write) },
  ...(other ? testJobs('quick').map(({ name, files }) => tests(other, 'quick', name, files)) : []),
  { name: 'format', run: (write) => check([BIN.prettier, '--check', '.'], write) },
];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
await postgres.stop();
for (const text of failed) console.log(`\n✗ ${text}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** Does one job after the other, until there is none. */
async function work() {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const began = Date.now();
    const shown = [];
    const stats = await job.run((text) => shown.push(text));
    for (const key of Object.keys(total)) total[key] += stats[key];
    if (stats.failed > 0) failed.push([job.name, ...(stats.broken ?? [])].join('\n\n'));
    console.log(
      `\n→ ${job.name} (${((Date.now() - began) / 1000).toFixed(0)} s)\n${shown.join('').replace(/^\n+|\n+$/g, '')}`,
    );
  }
}

/** Tests in a process of their own. */
function tests(node, mode, name, files) {
  const out = `${ROOT}.cache/tests/${mode}-${name.replaceAll('/', '-')}.json`;
  return {
    name: `${name}, Node ${node === process.execPath ? process.versions.node : OTHER_NODE}`,
    async run(write) {
      rmSync(out, { force: true });
      const endedWell = await child(node, ['scripts/mocha-run.mjs', out, mode, ...files], write);
      const stats = existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
      return endedWell ? stats : { ...stats, failed: Math.max(1, stats.failed) };
    },
  };
}

async function check(args, write) {
  return { passed: 0, failed: (await child(process.execPath, args, write)) ? 0 : 1, skipped: 0 };
}

/** Path of the other supported Node, from npm's `node` package, or undefined (said so) where there is none for this machine. */
async function otherNode(write) {
  const folder = `${ROOT}.cache/node-${OTHER_NODE}`;
  const binary = `${folder}/node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  if (!existsSync(binary)) {
    write(`→ fetching Node ${OTHER_NODE} from npm for the second run\n`);
    mkdirSync(folder, { recursive: true });
    const npm = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node@${OTHER_NODE}`];
    await child('npm', npm, write);
  }
  if (existsSync(binary)) return binary;
  write(`! no Node ${OTHER_NODE} for this machine in npm: the second run is left out\n`);
  return undefined;
}

/** Runs a command in the project folder; true when it ended well. One that stands still is ended, and did not end well. */
function child(command, args, write) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command === 'npm';
    const stdio = ['ignore', 'pipe', 'pipe'];
    const running = spawn(command, args, { cwd: ROOT, shell, stdio, timeout: PATIENCE_MS, killSignal: 'SIGKILL' });
    for (const stream of [running.stdout, running.stderr]) stream.setEncoding('utf8').on('data', write);
    running.on('error', (error) => write(`${error.message}\n`));
    running.on('close', (code, signal) => {
      if (signal) write(`! ended by ${signal}; a job has ${PATIENCE_MS / 60_000} minutes\n`);
      resolve(code === 0);
    });
  });
}

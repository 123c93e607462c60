// Set-up shared by `npm start`, `npm test` and the benches: needs nothing but Node and npm.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command in the project folder with its output on the terminal; ends this process when it fails. */
export function run(command, args, env = {}) {
  const windows = process.platform === 'win32' && command === 'npm';
  const done = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: windows,
    env: { ...process.env, ...env },
  });
  if (done.status !== 0) {
    console.error(`\n✗ ${command} ${args.join(' ')} — exit ${done.status ?? done.signal}`);
    process.exit(done.status ?? 1);
  }
}

/** Refuses a Node that is too old, in a sentence. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`需要 Node.js ≥ 20.19(当前 ${process.versions.node})。 Node.js ≥ 20.19 is needed.`);
    process.exit(3);
  }
}

/** Installs exactly what the lockfile says, unless that is already there. */
export function install() {
  const stamp = `${ROOT}node_modules/.yizheng-install`;
  const wanted = createHash('sha256')
    .update(readFileSync(`${ROOT}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(
    '→ 安装依赖 installing dependencies (npm ci; builds SQLite from source where no binary is to be had, 1–2 minutes)…',
  );
  run('npm', ['ci', '--no-progress']);
  writeFileSync(stamp, wanted);
}

const TSC = 'node_modules/typescript/bin/tsc';

/** Compiles TypeScript into dist/, checks that of the web pages, and bundles them where they changed. */
export async function build() {
  const began = Date.now();
  console.log('→ 编译 building…');
  await Promise.all([compile('tsconfig.json'), compile('ui/tsconfig.json'), bundleWeb()]);
  if (!statSync(`${ROOT}dist/cli/main.js`, { throwIfNoEntry: false })) {
    console.error('✗ the build wrote no dist/cli/main.js');
    process.exit(1);
  }
  console.log(`  ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/** Compiles a project beside others; ends this process when it does not compile. */
async function compile(project) {
  const code = await new Promise((resolve) => {
    spawn(process.execPath, [TSC, '-p', project], { cwd: ROOT, stdio: 'inherit' }).on('close', resolve);
  });
  if (code === 0) return;
  console.error(`\n✗ tsc -p ${project}`);
  process.exit(1);
}

/** Bundles the web apps unless nothing it is made of has changed since. */
async function bundleWeb() {
  const stamp = `${ROOT}dist/verifier/.web-sources`;
  const wanted = digestOf([
    'ui',
    'verifier/web',
    'wallet/web',
    'issuer/web',
    'shared',
    'scripts/build-web.mjs',
    'package-lock.json',
  ]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { buildWeb } = await import('./build-web.mjs');
  await buildWeb(`${ROOT}dist`);
  writeFileSync(stamp, wanted);
}

/** One digest over files and all files in folders. */
function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const names = statSync(ROOT + path).isFile() ? [''] : readdirSync(ROOT + path, { recursive: true }).sort();
    for (const name of names) {
      const file = join(ROOT, path, String(name));
      if (statSync(file).isFile()) hash.update(`${path}/${name}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

// Not awaited: build-web.mjs imports this file, and would wait for it for ever.
if (process.argv[1] === fileURLToPath(import.meta.url)) void build();

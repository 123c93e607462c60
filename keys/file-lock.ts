import { randomBytes } from 'node:crypto';
import { link, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { YizhengError } from '../shared/errors.js';

const POLL_MS = 15;
const STALE_MS = 30_000;
const WAIT_MS = 45_000;

/** A held lock. */
export interface FileLock {
  /** @throws YizhengError `KEYSTORE_LOCKED` when the lock was taken away meanwhile */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the lock `<path>.lock` that all processes writing `path` share; waits up to 45 s.
 *
 * The lock of a process of this machine that is gone is broken at once, any other after 30 s; whoever lost it so must
 * not write any more, which `assertHeld` tells.
 * @throws YizhengError `KEYSTORE_LOCKED` (503)
 */
export async function lockFile(path: string): Promise<FileLock> {
  const lock = `${path}.lock`;
  const token = `${process.pid} ${randomBytes(12).toString('hex')} ${hostname()}`;
  const giveUp = performance.now() + WAIT_MS;
  while (!(await take(lock, token))) {
    if (performance.now() > giveUp)
      throw new YizhengError('KEYSTORE_LOCKED', `Another process is writing; if none is, remove ${lock}.`, {
        status: 503,
      });
    await breakStale(lock);
    await sleep(POLL_MS);
  }
  return {
    async assertHeld() {
      if ((await content(lock)) !== token)
        throw new YizhengError('KEYSTORE_LOCKED', 'The lock was lost while writing; nothing was changed, try again.', {
          status: 503,
        });
    },
    async release() {
      if ((await content(lock)) === token) await unlink(lock);
    },
  };
}

async function take(lock: string, token: string): Promise<boolean> {
  try {
    await writeFile(lock, token, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function breakStale(lock: string): Promise<void> {
  const held = await content(lock);
  if (held === undefined || !(await isStale(lock, held))) return;
  const aside = `${lock}.${randomBytes(8).toString('hex')}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  // Between reading and renaming somebody else may have broken the old lock and taken a new one: give that one back.
  if ((await content(aside)) !== held) await link(aside, lock).catch(() => undefined);
  await unlink(aside);
}

async function isStale(lock: string, held: string): Promise<boolean> {
  const [pid, , host] = held.split(' ');
  if (host === hostname() && Number(pid) !== process.pid && !isAlive(Number(pid))) return true;
  try {
    return Date.now() - (await stat(lock)).mtimeMs > STALE_MS;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}

async function content(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

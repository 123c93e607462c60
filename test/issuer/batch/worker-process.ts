import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { World } from '../world.js';

const WORKER = fileURLToPath(new URL('./crash-worker.js', import.meta.url));

/** A batch worker in a process of its own, loaded and waiting until it is told to start. */
export class WorkerProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** Chunks it said it had stored. */
  steps = 0;

  constructor(world: Pick<World, 'folder' | 'databaseUrl'>, leaseMs: number) {
    const argv = [WORKER, world.folder, world.databaseUrl, String(leaseMs)];
    this.child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout.on('data', (text: Buffer) => (this.steps += String(text).split('\n').length - 1));
  }

  /** Resolves when it works. */
  async start(): Promise<void> {
    this.child.stdin.write('go\n');
    await Promise.race([
      once(this.child.stdout, 'data'),
      once(this.child, 'exit').then(() => Promise.reject(new Error('the worker did not start'))),
    ]);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

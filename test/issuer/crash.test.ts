import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { checkStatus } from '../../shared/status/check-status.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { signedBytesHash } from './signed-bytes.js';
import { checkInvariants, integrityCheck, type Acknowledged } from './invariants.js';
import { AUTHORITY, CODE, exam, startWorld, type World } from './world.js';

const KILLS = Number(process.env['YIZHENG_KILLS'] ?? 25);
const CLIENTS = 8;
const SERVER = fileURLToPath(new URL('./crash-server.js', import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, null>;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The service in a process that is killed at random, with clients that never give up a request. */
class CrashRun {
  readonly acknowledged: Acknowledged[] = [];
  readonly revoked: string[] = [];
  readonly signerLog: string;
  private child: Child | undefined;
  /** Loaded and waiting, so that the service is down for a moment only. */
  private standby: Child;
  private stopped = false;
  private serial = 0;
  private answered = 0;

  constructor(
    private readonly world: World,
    private readonly port: number,
  ) {
    this.signerLog = join(world.folder, 'signer.log');
    this.standby = this.load();
  }

  private load(): Child {
    const argv = [SERVER, this.world.folder, String(this.port), this.signerLog, this.world.databaseUrl];
    return spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  async start(): Promise<void> {
    const child = this.standby;
    this.child = child;
    child.stdin.write('go\n');
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the service did not start'))),
    ]);
    this.standby = this.load();
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child) return;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** Kills the service `times` times while clients work, then lets it complete what was reserved. */
  async run(times: number): Promise<void> {
    await this.start();
    const clients = Array.from({ length: CLIENTS }, () => this.client());
    for (let i = 0; i < times; i++) {
      const enough = this.answered + ((i * 7) % 6);
      for (let waited = 0; this.answered < enough; waited++) {
        assert.ok(waited < 60_000, 'the service answers no more');
        await pause(1);
      }
      await pause((i * 13) % 40);
      await this.kill();
      await this.start();
    }
    this.stopped = true;
    await Promise.all(clients);
    await this.kill();
    await this.start();
    await this.kill();
    this.standby.kill('SIGKILL');
  }

  private async client(): Promise<void> {
    while (!this.stopped) {
      const n = ++this.serial;
      const key = `crash-client-${n}`;
      const issued = await this.send(`/institutions/${CODE}/certificates`, exam(n), 201, key);
      if (!issued) return;
      const { id, credential } = JSON.parse(issued) as { id: string; credential: CertificateCredential };
      this.acknowledged.push({ idempotencyKey: key, id, json: JSON.stringify(credential) });
      if (n % 5 !== 0) continue;
      const path = `/institutions/${CODE}/certificates/${encodeURIComponent(id)}/status`;
      if (await this.send(path, { action: 'revoke', reason: 'error' }, 200, key)) this.revoked.push(id);
    }
  }

  /** Repeats one request until it is answered; undefined when the run ended before. */
  private async send(path: string, body: object, status: number, key: string): Promise<string | undefined> {
    for (;;) {
      try {
        const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${this.world.secrets.host}`,
            'content-type': 'application/json',
            'idempotency-key': key,
          },
          body: JSON.stringify(body),
        });
        const text = await response.text();
        if (response.status === status) {
          this.answered++;
          return text;
        }
        if (response.status < 500) throw new TypeError(`status ${response.status}: ${text}`);
      } catch (error) {
        if (error instanceof TypeError && error.message.startsWith('status')) throw error;
      }
      if (this.stopped) return undefined;
      await pause(20);
    }
  }
}

describeOnEachDatabase('issuer: killed at random', function (kind) {
  this.timeout(1_800_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ now: new Date(), kind });
    await world.pause();
  });
  afterEach(() => world.remove());

  const kills = kind === 'sqlite' ? KILLS : Math.ceil(KILLS / 3);

  it(`keeps every promise over ${kills} kills with ${CLIENTS} clients (I1–I7, I9, I10) @slow`, async () => {
    const run = new CrashRun(world, await freePort());
    await run.run(kills);
    world.time.now = new Date();
    await world.resume();
    const { certificates } = await checkInvariants(world.database, run.acknowledged, (credential) =>
      world.libraryVerifies(credential),
    );
    assert.ok(run.acknowledged.length > kills, `only ${run.acknowledged.length} acknowledged`);
    assert.ok(certificates >= run.acknowledged.length);
    assert.equal(await integrityCheck(world.databaseUrl), 'ok', 'I9');

    const recorded = new Set<string>();
    const stored = await world.database.knex<{ credential: string }>('certificates').select('credential');
    for (const { credential } of stored) recorded.add(await signedBytesHash(JSON.parse(credential) as object));
    const lists = (await world.database.knex('audit_log').where({ action: 'status-list.sign' })).length;
    const signed = new Set((await readFile(run.signerLog, 'utf8')).trim().split('\n'));
    const unrecorded = [...signed].filter((hash) => !recorded.has(hash));
    assert.ok(unrecorded.length <= lists, `I3: ${unrecorded.length} signatures recorded nowhere`);

    const view = await world.issuer.service.accreditations.view(AUTHORITY);
    const institution = await world.issuer.service.institutions.get(CODE);
    const list = await world.issuer.service.statusLists.current(institution, 'revocation', 1);
    assert.ok(run.revoked.length > 0);
    for (const id of run.revoked) {
      const { credential } = await world.issuer.service.certificate(CODE, id);
      const { code } = await checkStatus(credential.credentialStatus[0], {
        issuer: institution.did,
        list,
        keyOf: (keyId) => view?.keyOf(keyId),
        now: new Date().toISOString(),
      });
      assert.equal(code, 'CERTIFICATE_REVOKED', `I7 ${id}`);
    }
    process.stdout.write(
      `      ${kills} kills, ${run.acknowledged.length} acknowledged, ${run.revoked.length} revoked, ${certificates} in the database\n`,
    );
  });
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keystore } from '../../keys/keystore.js';
import { createRegistry, registryMigrations, type Registry } from '../../registry/index.js';
import { createApiKey, createLogger, listen, openDatabase, type Database, type Listener } from '../../server/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { cli } from './run.js';

const NOW = new Date('2026-11-21T09:00:00Z');

describe('yizheng registry, with a real registry', () => {
  let home: string;
  let database: Database;
  let registry: Registry;
  let listener: Listener;
  let publicKeyMultibase: string;
  const roots: Record<string, string> = {};

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'yizheng-cli-registry-'));
    const keystore = await Keystore.create(join(home, 'keys.json'), 'correct horse', { now: NOW });
    const key = await keystore.createKey({ controller: 'did:web:issuer.example', purpose: 'assertion', now: NOW });
    publicKeyMultibase = key.publicKeyMultibase;
    database = await openDatabase({ url: `sqlite:${home}/registry.sqlite`, migrations: registryMigrations });
    const port = await freePort();
    const fetch = createSafeFetch({ allowLoopback: true, maxBytes: 4 * 1024 * 1024 });
    const logger = createLogger({ name: 'test', level: 'silent' });
    const baseUrl = `http://localhost:${port}`;
    registry = createRegistry({ database, keystore, baseUrl, fetch, clock: () => NOW, randomBytes, logger });
    listener = await listen(registry.app, { port });
    for (const slug of ['cq', 'sc']) {
      await registry.service.authorities.create({ slug, name: `示例人社厅 ${slug}`, dualControl: [] }, 'test');
      roots[slug] = (await registry.service.authorities.root(slug)).digestMultibase;
      const { secret } = await database.write((transaction) =>
        createApiKey(
          transaction,
          { tenant: slug, roles: ['officer'], label: slug, expiresAt: '2030-01-01T00:00:00Z' },
          { randomBytes, now: NOW },
        ),
      );
      await writeFile(join(home, `${slug}.key`), secret, { mode: 0o600 });
    }
  });
  after(async () => {
    await registry.stop();
    await listener.close();
    await database.close();
    await rm(home, { recursive: true });
  });

  const did = (slug: string): string => `did:web:localhost%3A${listener.port}:authorities:${slug}`;
  const at = (slug: string): string[] => ['--registry', `${listener.url}/authorities/${slug}`, '--key-file', join(home, `${slug}.key`)]; // prettier-ignore
  const run = (argv: string[], input?: object) =>
    cli([...argv, '--json'], { home, now: NOW.toISOString(), stdin: JSON.stringify(input ?? {}) });

  it('accredits, recognises, publishes; the bundle is fetched and verifies from the root as announced', async () => {
    const accreditation = {
      institution: 'did:web:issuer.example',
      legalName: '示例技能评价中心',
      institutionKind: 'social',
      institutionCode: 'S000051000001',
      signingKeys: [
        { id: 'did:web:issuer.example#key-1', type: 'Multikey', publicKeyMultibase, validFrom: '2026-11-21T00:00:00Z' },
      ],
      actions: [
        {
          validUntil: '2029-01-01T00:00:00+08:00',
          scope: { kind: ['training-completion'], region: ['51*'], candidates: 'public' },
        },
      ],
    };
    const accredited = await run(['registry', 'accredit', '-', ...at('sc')], accreditation);
    assert.equal(accredited.code, 0, accredited.out);
    assert.equal((JSON.parse(accredited.out) as { id: string }).id, 'urn:yizheng:accreditation:S000051000001:1');
    assert.equal((await run(['registry', 'publish', ...at('sc')])).code, 0);
    const shown = await cli(['registry', 'publish', ...at('sc')], { home, now: NOW.toISOString() });
    assert.match(shown.out, /状态表没有收集到: did:web:issuer\.example\n.*\p{Script=Han}.*\[[A-Z_]+\]\n.*再运行/u);
    assert.doesNotMatch(shown.out, /[{}]/);

    const recognition = {
      subject: did('sc'),
      legalName: '示例省人社厅',
      rootDigest: roots['sc'],
      actions: [{ treatment: ['full'] }],
    };
    const recognised = await run(['registry', 'recognise', '-', ...at('cq')], recognition);
    assert.equal(recognised.code, 0, recognised.out);
    const wrongRoot = await run(['registry', 'recognise', '-', ...at('cq')], {
      ...recognition,
      rootDigest: roots['cq'],
    });
    assert.equal(wrongRoot.code, 1);
    assert.match(wrongRoot.out, /ROOT_DIGEST_MISMATCH/);
    const publication = await run(['registry', 'publish', ...at('cq')]);
    assert.equal(publication.code, 0, publication.out);

    const file = join(home, 'bundle.json');
    const address = `${listener.url}/authorities/cq/bundle.json`;
    assert.equal((await run(['bundle', 'fetch', address, '--out', file])).code, 0);
    const anchor = ['--anchor', did('cq'), '--anchor-root', roots['cq'] ?? '', '--state', join(home, 'state')];
    const verified = await run(['bundle', 'verify', file, ...anchor]);
    assert.equal(verified.code, 0, verified.out);
    const { feeds } = JSON.parse(verified.out) as { feeds: { authority: string }[] };
    assert.deepEqual(feeds.map(({ authority }) => authority), [did('cq'), did('sc')]); // prettier-ignore
  });

  it('publishes an event, and says which member of a bad one is wrong', async () => {
    const event = { about: 'did:web:issuer.example', event: 'suspend', cause: 'administrative' };
    const suspended = await run(['registry', 'event', '-', ...at('sc')], event);
    assert.equal(suspended.code, 0, suspended.out);
    assert.equal((JSON.parse(suspended.out) as { authority: string }).authority, did('sc'));
    const bad = await run(['registry', 'event', '-', ...at('sc')], { ...event, colour: 'red' });
    assert.equal(bad.code, 3);
    assert.match(bad.out, /FIELD_UNKNOWN[^]*colour/);
  });

  it('proposes what needs a second person, lists it, and lets another approve or reject it with a reason', async () => {
    const other = join(home, 'second.key');
    const { secret } = await database.write((transaction) =>
      createApiKey(
        transaction,
        { tenant: 'sc', roles: ['officer'], label: 'second', expiresAt: '2030-01-01T00:00:00Z' },
        { randomBytes, now: NOW },
      ),
    );
    await writeFile(other, secret, { mode: 0o600 });
    const second = [...at('sc').slice(0, 3), other];
    const idIn = ({ out }: { out: string }) => (JSON.parse(out) as { id: string }).id;
    const turnOn = await run(['registry', 'propose', 'dual-control', '-', ...at('sc')], { dualControl: ['event'] });
    assert.equal(turnOn.code, 0, turnOn.out);
    assert.deepEqual(JSON.parse(turnOn.out), { dualControl: ['event'] });

    const event = { about: 'did:web:issuer.example', event: 'withdraw', cause: 'administrative' };
    const key = ['--idempotency-key', 'withdraw-1'];
    const proposed = await run(['registry', 'propose', 'event', '-', ...key, ...at('sc')], event);
    assert.equal(proposed.code, 0, proposed.out);
    assert.equal(idIn(await run(['registry', 'propose', 'event', '-', ...key, ...at('sc')], event)), idIn(proposed));
    const plain = await run(['registry', 'event', '-', ...at('sc')], event);
    const own = await run(['registry', 'approve', idIn(plain), ...at('sc')]);
    assert.equal(own.code, 1);
    assert.match(own.out, /PROPOSER_MAY_NOT_APPROVE/);
    const list = async (): Promise<string[]> =>
      (
        JSON.parse((await run(['registry', 'proposals', ...second])).out) as { proposals: { id: string }[] }
      ).proposals.map(({ id }) => id);
    assert.deepEqual((await list()).sort(), [idIn(proposed), idIn(plain)].sort());
    assert.equal((await run(['registry', 'reject', idIn(plain), '--reason', '重复', ...second])).code, 0);
    const approved = await run(['registry', 'approve', idIn(proposed), ...second]);
    assert.equal(approved.code, 0, approved.out);
    assert.equal((JSON.parse(approved.out) as { result: { event: string } }).result.event, 'withdraw');
    assert.deepEqual(await list(), []);
    assert.equal((await run(['registry', 'propose', 'all', '-', ...second])).code, 3);
  });

  it('lets nobody speak for another authority', async () => {
    const foreign = [...at('sc').slice(0, 3), join(home, 'cq.key')];
    const refused = await run(['registry', 'publish', ...foreign]);
    assert.equal(refused.code, 3);
    assert.match(refused.out, /"code": "NOT_FOUND"/);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

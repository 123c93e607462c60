import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Accreditation } from '../../shared/trust/types.js';
import { KEY, OTHER_KEY } from '../trust/world.js';
import { People, refused } from './people.js';
import { startRegistry, type RunningRegistry } from './running-registry.js';

/** The registry's clock. */
const NOW = '2026-11-20T04:00:00Z';
const CODE = 'S000051000001';

describe('registry: an accreditation replaced, and its keys', () => {
  let registry: RunningRegistry;
  let people: People;
  let keys: object[] = [];
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    const named = keys.map((key) => ({ type: 'Multikey', controller: institution, ...key }));
    response.end(
      JSON.stringify({
        id: institution,
        verificationMethod: named,
        assertionMethod: (named as { id?: string }[]).map(({ id }) => id),
      }),
    );
  });
  let institution = '';
  const one = (more: object = {}) => ({ id: `${institution}#1`, publicKeyMultibase: KEY, ...more });
  const two = (more: object = {}) => ({ id: `${institution}#2`, publicKeyMultibase: OTHER_KEY, ...more });
  const accredit = (more: object = {}, action: object = {}) =>
    people.post('zhang', '/accreditations', {
      institution,
      legalName: '某技能评价有限公司',
      institutionKind: 'social',
      institutionCode: CODE,
      actions: [{ scope: { kind: ['training-completion'], region: ['51*'], candidates: 'public' }, ...action }],
      ...more,
    });
  const endings = async () =>
    (await registry.service.statements.list('sc', 'accreditation')).map(({ statement }) =>
      statement.signingKeys.map(({ id, validUntil }) => [id.slice(-2), validUntil]),
    );

  beforeEach(async () => {
    registry = await startRegistry();
    people = await new People(registry).standard();
    await new Promise<void>((resolve) => site.listen(0, resolve));
    institution = `did:web:localhost%3A${(site.address() as AddressInfo).port}`;
    keys = [one(), two()];
    const first = await accredit();
    assert.equal(first.status, 201, JSON.stringify(first.body));
  });
  afterEach(async () => {
    await registry.stop();
    await new Promise((resolve) => site.close(resolve));
  });

  const supersedes = [`urn:yizheng:accreditation:${CODE}:1`];
  it('refuses a replacement that begins in the past, since the old one would end then', async () => {
    for (const validFrom of ['2026-11-20T00:00:00+08:00', '2026-11-20T03:59:59Z'])
      refused(await accredit({ supersedes }, { validFrom }), 422, 'REPLACEMENT_BEGINS_IN_PAST');
    assert.equal((await endings()).length, 1);
  });
  it('lets a replacement begin now unless told otherwise, and a first accreditation on its day', async () => {
    const first = (await registry.service.statements.get('sc', supersedes[0] ?? '')).statement as Accreditation;
    assert.equal(first.actions[0]?.validFrom, '2026-11-20T00:00:00+08:00');
    const { status, body } = await accredit({ supersedes });
    assert.deepEqual([status, (body as unknown as Accreditation).actions[0]?.validFrom], [201, NOW]);
    assert.equal((await accredit({ supersedes }, { validFrom: NOW })).status, 201);
  });

  it('ends a key that vanished or was revoked, in every accreditation of the institution', async () => {
    await accredit();
    keys = [one({ revoked: '2026-11-20T02:00:00Z', expires: '2028-01-01T00:00:00Z' })];
    await registry.service.statements.updateSigningKeys('sc', supersedes[0] ?? '', 'zhang');
    const ended = [
      ['#1', '2026-11-20T02:00:00Z'],
      ['#2', NOW],
    ];
    assert.deepEqual(await endings(), [ended, ended]);
    keys = [one(), two()];
    await registry.service.statements.updateSigningKeys('sc', supersedes[0] ?? '', 'zhang');
    assert.deepEqual(await endings(), [ended, ended], 'an end stays');
  });
  it('does not accredit a key that was over before', async () => {
    keys = [one({ revoked: '2026-01-01T00:00:00Z' }), two()];
    await accredit();
    assert.deepEqual((await endings())[1], [['#2', undefined]]);
  });
});

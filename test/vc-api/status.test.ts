import assert from 'node:assert/strict';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { getBit } from '../../shared/status/bitstring.js';
import { decodeBitstring } from '../../shared/status/encode-bitstring.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { BASE_URL, startVcApi, type Tenant, type VcApiWorld } from './vc-api-world.js';
import { watchContract } from '../server/contract.js';

const EXAMPLES = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'];

describeOnEachDatabase('VC-API: status of what a tenant issued', (kind) => {
  let api: VcApiWorld;
  let holder: Tenant;
  before(async () => {
    api = await startVcApi(kind);
    holder = await api.tenant({ name: 'with-status', statusPurposes: ['revocation', 'suspension'] });
  });
  after(() => api.remove());
  watchContract(() => api.world.listener.url);

  interface Entry extends JsonObject {
    statusListIndex: string;
    statusListCredential: string;
  }
  const entriesOf = (credential: JsonObject): Entry[] => [credential['credentialStatus']].flat() as Entry[];
  const bit = async ({ statusListCredential, statusListIndex }: Entry): Promise<boolean> => {
    const response = await api.world.call('GET', statusListCredential.slice(BASE_URL.length), undefined, { key: null });
    const list = (await response.json()) as JsonObject & { credentialSubject: { encodedList: string } };
    assert.equal(await api.verify(list), 'PROOF_VALID');
    return getBit(decodeBitstring(list.credentialSubject.encodedList, 131_072), Number(statusListIndex));
  };

  it('[BSL §3.1] adds an entry for each purpose, with a text index in an https list of 131,072', async () => {
    const { credential } = await holder.issue(holder.credential({ id: 'urn:uuid:1' }));
    const entries = entriesOf(credential);
    assert.deepEqual(
      entries.map(({ type, statusPurpose }) => [type, statusPurpose]),
      [['BitstringStatusListEntry', 'revocation'], ['BitstringStatusListEntry', 'suspension']], // prettier-ignore
    );
    for (const entry of entries) {
      assert.match(entry.statusListIndex, /^(0|[1-9]\d*)$/);
      assert.ok(entry.statusListCredential.startsWith('https://'));
      assert.ok(!('statusSize' in entry));
      assert.equal(await bit(entry), false);
    }
    assert.equal(await api.verify(credential), 'PROOF_VALID');
  });

  it('[VC-API §3.2.2] sets and clears a suspension, sets a revocation for ever, and touches nobody else', async () => {
    const [one, two] = await Promise.all(
      ['urn:uuid:2', 'urn:uuid:3'].map(async (id) =>
        entriesOf((await holder.issue(holder.credential({ id }))).credential),
      ),
    );
    const change = (statusPurpose: string, status: boolean, credentialId = 'urn:uuid:2') =>
      holder.post('/credentials/status', {
        credentialId,
        credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
        status,
      });
    const bits = (): Promise<boolean[]> => Promise.all([...(one ?? []), ...(two ?? [])].map(bit));
    assert.equal((await change('suspension', true)).status, 200);
    assert.deepEqual(await bits(), [false, true, false, false]);
    assert.equal((await change('suspension', false)).status, 200);
    assert.equal((await change('revocation', true)).status, 200);
    assert.deepEqual(await bits(), [true, false, false, false]);
    const final = await change('revocation', false);
    assert.deepEqual([final.status, final.code], [409, 'REVOCATION_IS_FINAL']);
    const unknown = await change('revocation', true, 'urn:uuid:none');
    assert.deepEqual([unknown.status, unknown.code], [404, 'CREDENTIAL_NOT_FOUND']);
  });

  it('[VC-API §3.2.2] takes the whole entry as a client read it, and refuses another one', async () => {
    const { credential } = await holder.issue(holder.credential(), { credentialId: 'my-own-name' });
    const [entry] = entriesOf(credential);
    assert.ok(entry);
    const right = await holder.post('/credentials/status', { credentialId: 'my-own-name', credentialStatus: entry });
    assert.equal(right.status, 200);
    assert.equal(await bit(entry), true);
    const wrong = await holder.post('/credentials/status', {
      credentialId: 'my-own-name',
      credentialStatus: { ...entry, statusListIndex: String((Number(entry.statusListIndex) + 1) % 131_072) },
    });
    assert.deepEqual([wrong.status, wrong.code], [400, 'STATUS_ENTRY_MISMATCH']);
  });

  it('asks for a name when neither id nor option gives one, and for VC 2.0', async () => {
    assert.equal((await holder.issue(holder.credential())).code, 'CREDENTIAL_ID_MISSING');
    const v1 = holder.credential({
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      id: 'urn:uuid:9',
      issuanceDate: '2026-11-20T00:00:00Z',
    });
    assert.equal((await holder.issue(v1)).code, 'CREDENTIAL_VERSION');
  });

  it('keeps what a client wrote beside its own entries', async () => {
    const credentialStatus = { id: 'https://s.example/1', type: 'Unheard2030' };
    const { credential } = await holder.issue(
      holder.credential({ '@context': EXAMPLES, id: 'urn:uuid:10', credentialStatus }),
    );
    assert.deepEqual(entriesOf(credential)[0], credentialStatus);
    assert.equal(entriesOf(credential).length, 3);
  });
});

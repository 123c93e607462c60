import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { IssuedCertificateAnswer } from '../../issuer/index.js';
import { Keystore } from '../../keys/keystore.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { answer, CODE, exam, PASSPHRASE, startWorld, type World } from './world.js';

interface DidDocument {
  verificationMethod: { id: string; expires?: string; revoked?: string }[];
  assertionMethod: string[];
}

describeOnEachDatabase('issuer: keys that another process changes (yizheng keys)', function (kind) {
  this.timeout(60_000);
  const base = `/institutions/${CODE}`;
  const did = `did:web:issuer.example:institutions:${CODE}`;
  let world: World;
  let cli: Keystore;
  const later = (seconds: number) => (world.time.now = new Date(world.time.now.getTime() + seconds * 1000));

  before(async () => {
    world = await startWorld({ kind });
    cli = await Keystore.open(join(world.folder, 'keys.json'), PASSPHRASE);
  });
  after(() => world.remove());

  it('the first certificate after a rotation is signed by the new key', async () => {
    await answer(world.call('POST', `${base}/certificates`, exam(1)), 201);
    const { active } = await cli.rotate(did, 'assertion', later(5));
    const own = structuredClone(world.accreditations[0]!);
    own.signingKeys.push({
      id: active.id,
      type: 'Multikey',
      publicKeyMultibase: active.publicKeyMultibase,
      validFrom: active.validFrom,
    });
    const institution = await world.issuer.service.institutions.get(CODE);
    await world.issuer.service.accreditations.import(institution, 'test', await world.publish([own]));
    const issued = await answer<IssuedCertificateAnswer>(world.call('POST', `${base}/certificates`, exam(2)), 201);
    const { proof } = issued.credential as { proof: { verificationMethod: string } };
    assert.equal(proof.verificationMethod, active.id);
  });

  it('DID document and signing keys say at once what became of a key', async () => {
    const { active } = await cli.rotate(did, 'assertion', later(5));
    const { signingKeys } = await answer<{ signingKeys: { id: string }[] }>(world.call('GET', base));
    assert.equal(signingKeys.at(-1)?.id, active.id);
    await cli.rotate(did, 'assertion', later(5));
    const document = await answer<DidDocument>(world.call('GET', `${base}/did.json`));
    assert.equal(document.verificationMethod.length, 4);
    await cli.compromise(active.id, world.time.now, later(5));
    const told = await answer<DidDocument>(world.call('GET', `${base}/did.json`));
    assert.notDeepEqual(told, document);
  });

  it('signs status lists with the new key, without a request that fails first', async () => {
    const { active } = await cli.rotate(did, 'assertion', later(86_401));
    const list = await answer<{ proof: { verificationMethod: string } }>(
      world.call('GET', `${base}/status/revocation/1`),
    );
    assert.equal(list.proof.verificationMethod, active.id);
  });
});

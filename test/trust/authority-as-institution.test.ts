import assert from 'node:assert/strict';
import { accreditedAuthorities } from '../../shared/trust/authority-as-institution.js';
import { decide } from '../../shared/trust/decide.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import { createTrustView } from '../../shared/trust/trust-view.js';
import { Publisher } from './publisher.js';
import * as w from './world.js';

const { SC, GD, NOW } = w;

describe('trust: an authority is nobody’s institution', () => {
  const forged = (institution: string) => w.accreditation({ authority: GD, institution });
  const certificate = (issuer: string) =>
    w.facts({ issuer, verificationMethod: `${issuer}#k1`, issuedUnder: { id: forged(issuer).id, authority: GD } });

  for (const action of ['accredit', 'issue'] as const)
    it(`a partner recognised to ${action} cannot issue in the name of the anchor`, () => {
      const recognitions = [w.recognition({ subject: GD }, { action, scope: { kind: ['training-completion'] } })];
      const view = createTrustView([w.feed(SC, { recognitions }), w.feed(GD, { accreditations: [forged(SC)] })], SC);
      const found = decide(certificate(SC), view, { anchor: SC, now: NOW });
      assert.equal(found.outcome, 'not-recognised', JSON.stringify(found));
      assert.equal(view.keysOf(GD)(`${SC}#k1`), undefined);
    });

  it('not even where everything it accredits is recognised, nor in the name of another partner', () => {
    const recognitions = [w.recognition(), w.recognition({ subject: GD })];
    for (const authority of [SC, w.CQ]) {
      const contents = [
        w.feed(SC, { recognitions }),
        w.feed(w.CQ),
        w.feed(GD, { accreditations: [forged(authority)] }),
      ];
      assert.deepEqual(accreditedAuthorities(contents), [
        { authority: GD, institution: authority, accreditation: forged(authority).id },
      ]);
      const found = decide(certificate(authority), createTrustView(contents, SC), { anchor: SC, now: NOW });
      assert.equal(found.outcome, 'not-recognised', JSON.stringify(found));
    }
  });

  it('a chain that ends in the issuer is no path: no statement names a key of its own', () => {
    const recognitions = [w.recognition({ subject: w.INSTITUTION }, { action: 'issue' })];
    const view = createTrustView([w.feed(SC, { recognitions }), w.feed(w.INSTITUTION)], SC);
    assert.equal(decide(w.facts(), view, { anchor: SC, now: NOW }).outcome, 'not-recognised');
  });

  it('an import names the accreditation it leaves out and keeps the others', async () => {
    const sc = await new Publisher(SC).newRoot();
    const gd = await new Publisher(GD).newRoot();
    const good = w.accreditation({ authority: GD, id: 'urn:yizheng:accreditation:S000050000001:2' });
    const feeds = {
      [SC]: await sc.publish({ recognitions: [w.recognition({ subject: GD, registryRoot: gd.pin })] }, '2026-11-19'),
      [GD]: await gd.publish({ accreditations: [forged(SC), good] }, '2026-11-19'),
    };
    const bundle = await sc.pack(feeds, '2026-11-19');
    const { findings, view } = importBundle(bundle, { anchor: SC, anchorRoot: sc.pin, now: NOW });
    assert.deepEqual(
      findings.map(({ code, authority }) => [code, authority]),
      [['AUTHORITY_AS_INSTITUTION', GD]],
    );
    assert.deepEqual(
      view.feedOf(GD)?.accreditations.map(({ id }) => id),
      [good.id],
    );
  });
});

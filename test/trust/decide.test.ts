import assert from 'node:assert/strict';
import fc from 'fast-check';
import { authorise, authoriseIssue } from '../../shared/trust/authorise.js';
import { decide, type DecideOptions } from '../../shared/trust/decide.js';
import { createTrustView } from '../../shared/trust/trust-view.js';
import type { CertificateFacts, Decision, LevelMapping } from '../../shared/trust/types.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import * as w from './world.js';

const { SC, CQ, GD, MO, HN, INSTITUTION, NOW } = w;

function at(view: TrustView, certificate: CertificateFacts = w.facts(), more: Partial<DecideOptions> = {}): Decision {
  return decide(certificate, view, { anchor: SC, now: NOW, ...more });
}
function codes(decision: { reasons: { code: string }[] }): string[] {
  return decision.reasons.map((reason) => reason.code);
}
function expect(decision: Decision, outcome: string, code: string): void {
  assert.deepEqual(
    { outcome: decision.outcome, found: codes(decision).includes(code) },
    { outcome, found: true },
    JSON.stringify(decision),
  );
}

describe('trust: the recognition decision', () => {
  it('recognises what a recognised authority’s institution issued, naming the path down', () => {
    const found = at(w.alliance());
    assert.deepEqual(
      { ...found, reasons: codes(found) },
      {
        outcome: 'recognised',
        reasons: ['RECOGNISED_BY_ANCHOR'],
        as: { kind: 'skill-level', occupation: '6-31-01-03', level: { framework: 'cn-skill-5', value: '4' } },
        treatment: ['full'],
        obligations: [],
        entitlements: [],
        path: ['urn:yizheng:recognition:hrss.sc-hrss.cq', 'urn:yizheng:accreditation:S000050000001:1'],
        mutual: false,
        anchor: SC,
        evaluatedAt: NOW,
        dataAsOf: '2026-11-20T00:00:00Z',
      },
    );
  });
  it('recognises at home by accreditation alone', () =>
    expect(at(w.alliance(), w.facts(), { anchor: CQ }), 'recognised', 'ACCREDITED_BY_ANCHOR'));
  it('does not recognise under an authority that recognises nobody', () => {
    const view = w.alliance({ others: [w.feed(HN)] });
    expect(at(view, w.facts(), { anchor: HN }), 'not-recognised', 'NO_RECOGNITION_OF_AUTHORITY');
  });
  it('knows nothing about an anchor without data', () =>
    expect(at(w.alliance(), w.facts(), { anchor: HN }), 'undetermined', 'ANCHOR_UNKNOWN'));
  it('is directional: Sichuan’s word about Chongqing says nothing in Chongqing about Sichuan', () => {
    const view = createTrustView(
      [
        w.feed(SC, { recognitions: [w.recognition()], accreditations: [w.accreditation({ authority: SC })] }),
        w.feed(CQ),
      ],
      CQ,
    );
    const certificate = w.facts({ issuedUnder: { id: 'urn:yizheng:accreditation:S000050000001:1', authority: SC } });
    expect(at(view, certificate, { anchor: CQ }), 'not-recognised', 'NO_RECOGNITION_OF_AUTHORITY');
  });
  it('calls it mutual only when live statements both ways cite one memorandum', () => {
    const memorandum = { id: 'urn:memorandum:cy-2020', name: '川渝互认备忘录', party: [SC, CQ] };
    const back = w.recognition({ authority: CQ, subject: SC, memorandum });
    const view = (statement = back) =>
      w.alliance({
        sc: { recognitions: [w.recognition({ memorandum })] },
        cq: { accreditations: [w.accreditation()], recognitions: [statement] },
      });
    assert.equal(at(view()).mutual, true);
    assert.equal(at(view({ ...back, memorandum: { ...memorandum, id: 'urn:memorandum:other' } })).mutual, false);
  });

  describe('scope', () => {
    const outside: [string, Partial<CertificateFacts>][] = [
      ['KIND_OUT_OF_SCOPE', { kind: 'occ-qualification', level: { framework: 'cn-occ-qual', value: '4' } }],
      ['OCCUPATION_OUT_OF_SCOPE', { occupation: { code: '4-03-02-01', catalogueEdition: '2022' } }],
      ['OCCUPATION_OUT_OF_SCOPE', { occupation: { code: '6-31-01-03', catalogueEdition: '1999' } }],
      ['LEVEL_OUT_OF_SCOPE', { level: { framework: 'cn-skill-5', value: '3' } }],
      ['LEVEL_OUT_OF_SCOPE', { level: { framework: 'cn-skill-8', value: '4' } }],
      ['REGION_OUT_OF_SCOPE', { region: '510100' }],
    ];
    for (const [code, change] of outside) {
      it(`refuses outside the accreditation: ${code} ${JSON.stringify(change)}`, () => {
        expect(at(w.alliance(), w.facts(change)), 'not-recognised', code);
        assert.deepEqual(
          (({ answer, reasons }) => [answer, reasons[0]?.code])(authorise(w.facts(change), w.alliance(), { now: NOW })),
          ['fail', code],
        );
      });
      it(`refuses outside the recognition although accredited: ${code} ${JSON.stringify(change)}`, () => {
        const wide = {
          kind: ['skill-level', 'occ-qualification'],
          occupation: ['*'],
          level: ['5', '4', '3'].flatMap((value) =>
            ['cn-skill-5', 'cn-skill-8', 'cn-occ-qual'].map((framework) => ({ framework, value })),
          ),
          region: ['*'],
        };
        const narrow = w.accreditation().actions[0]!.scope;
        const { candidates: _, ...limits } = narrow;
        const view = (scope: object) =>
          w.alliance({
            sc: { recognitions: [w.recognition({}, { scope })] },
            cq: { accreditations: [w.accreditation({}, {}, wide)] },
          });
        expect(at(view(limits), w.facts(change)), 'not-recognised', code);
        assert.equal(at(view({}), w.facts(change)).outcome, 'recognised');
      });
    }
    it('covers a prefix pattern, and a kind without level needs none', () => {
      assert.equal(
        at(w.alliance(), w.facts({ occupation: { code: '6-18-02-04', catalogueEdition: '2022' } })).outcome,
        'recognised',
      );
      const permits = { kind: ['special-operation'], occupation: undefined, level: undefined };
      const view = w.alliance({ cq: { accreditations: [w.accreditation({}, {}, permits)] } });
      const permit = w.facts({ kind: 'special-operation', level: undefined, occupation: undefined });
      assert.equal(at(view, permit).outcome, 'recognised');
    });
    it('takes the institution’s province when the certificate names no place', () => {
      assert.equal(at(w.alliance(), w.facts({ region: undefined })).outcome, 'recognised');
      const elsewhere = w.accreditation({ institutionCode: 'S000051000001' });
      expect(
        at(w.alliance({ cq: { accreditations: [elsewhere] } }), w.facts({ region: undefined })),
        'not-recognised',
        'REGION_OUT_OF_SCOPE',
      );
    });
    it('lets exclusion of an institution beat its permission', () => {
      const institutions = { permitted: [INSTITUTION], excludedKinds: ['social' as const] };
      const view = (limits: object) =>
        w.alliance({ sc: { recognitions: [w.recognition({}, { scope: { institutions: limits } })] } });
      expect(at(view(institutions)), 'not-recognised', 'INSTITUTION_EXCLUDED');
      expect(at(view({ permittedKinds: ['school'] })), 'not-recognised', 'INSTITUTION_NOT_PERMITTED');
      assert.equal(at(view({ permitted: [INSTITUTION] })).outcome, 'recognised');
    });
    it('recognises a single institution of an authority and no other', () => {
      const only = (subject: string) =>
        w.recognition({ subject, homeAuthority: CQ, id: 'urn:yizheng:recognition:one' }, { action: 'issue' });
      assert.equal(at(w.alliance({ sc: { recognitions: [only(INSTITUTION)] } })).outcome, 'recognised');
      const other = w.alliance({ sc: { recognitions: [only('did:web:other.example')] } });
      expect(at(other), 'not-recognised', 'INSTITUTION_NOT_PERMITTED');
    });
  });

  describe('candidates (DOMAIN M24)', () => {
    const employer = (uscc: string, supplyChainAgreement?: string) => ({
      candidateEmployer: { uscc, ...(supplyChainAgreement === undefined ? {} : { supplyChainAgreement }) },
    });
    const view = (candidates: string, members = [w.membership()]) =>
      w.alliance({ cq: { accreditations: [w.accreditation({}, {}, { candidates })], supplyChain: members } });
    it('AC-24a passes an own employee', () =>
      assert.equal(at(view('own-employees'), w.facts(employer(w.USCC))).outcome, 'recognised'));
    it('AC-24b refuses people of another employer without an agreement', () => {
      expect(at(view('own-employees'), w.facts(employer(w.SUPPLIER))), 'not-recognised', 'CANDIDATE_NOT_OWN_EMPLOYEE');
      expect(
        at(view('supply-chain', []), w.facts(employer(w.SUPPLIER))),
        'not-recognised',
        'CANDIDATE_NOT_IN_SUPPLY_CHAIN',
      );
    });
    it('AC-24c passes a supplier inside the agreement, and only under the agreement named', () => {
      assert.equal(at(view('supply-chain'), w.facts(employer(w.SUPPLIER, 'CHAIN-2025-1'))).outcome, 'recognised');
      expect(
        at(view('supply-chain'), w.facts(employer(w.SUPPLIER, 'OTHER'))),
        'not-recognised',
        'CANDIDATE_NOT_IN_SUPPLY_CHAIN',
      );
    });
    it('AC-24d refuses what was issued after the agreement ended, and keeps what came before', () => {
      const late = { issuedAt: '2026-03-01T00:00:00+08:00', signedAt: '2026-03-01T01:00:00Z' };
      expect(
        at(view('supply-chain'), w.facts({ ...employer(w.SUPPLIER), ...late })),
        'not-recognised',
        'CANDIDATE_NOT_IN_SUPPLY_CHAIN',
      );
    });
    it('AC-24e refuses an occupation outside the agreement', () => {
      const members = [w.membership({ scope: { occupation: ['4-*'] } })];
      expect(
        at(view('supply-chain', members), w.facts(employer(w.SUPPLIER))),
        'not-recognised',
        'CANDIDATE_NOT_IN_SUPPLY_CHAIN',
      );
    });
    it('cannot say when the certificate names no employer', () =>
      expect(at(view('own-employees')), 'undetermined', 'CANDIDATE_EMPLOYER_UNKNOWN'));
  });

  describe('time', () => {
    const with_ = (...events: ReturnType<typeof w.event>[]) =>
      w.alliance({ cq: { accreditations: [w.accreditation()], events } });
    const issued = (day: string, signed = `${day}T02:00:00Z`) =>
      w.facts({ issuedAt: `${day}T00:00:00+08:00`, signedAt: signed });
    it('needs the accreditation in force both on the date of issue and when it was signed', () => {
      expect(at(w.alliance(), issued('2023-12-31')), 'not-recognised', 'ACCREDITATION_NOT_IN_FORCE_AT_ISSUE');
      expect(
        at(w.alliance(), issued('2025-06-01', '2027-02-01T00:00:00Z')),
        'not-recognised',
        'ACCREDITATION_NOT_IN_FORCE_AT_ISSUE',
      );
      assert.equal(
        authoriseIssue(issued('2025-06-01', '2027-02-01T00:00:00Z'), w.alliance(), { now: NOW }).answer,
        'fail',
      );
    });
    it('refuses what a suspended or withdrawn institution issued, by date or by signature', () => {
      expect(at(with_(w.event({})), issued('2026-02-01')), 'not-recognised', 'ISSUER_SUSPENDED_AT_ISSUE');
      expect(
        at(with_(w.event({})), issued('2026-01-01', '2026-02-01T00:00:00Z')),
        'not-recognised',
        'ISSUER_SUSPENDED_AT_ISSUE',
      );
      expect(
        at(with_(w.event({ event: 'withdraw' })), issued('2026-02-01')),
        'not-recognised',
        'ISSUER_WITHDRAWN_AT_ISSUE',
      );
    });
    it('accepts again after a suspension ended, and after a new accreditation follows a withdrawal', () => {
      const ended = w.event({ effectiveUntil: '2026-03-01T00:00:00+08:00' });
      assert.equal(at(with_(ended), issued('2026-04-01')).outcome, 'recognised');
      const again = w.accreditation(
        { id: 'urn:yizheng:accreditation:S000050000001:2' },
        { validFrom: '2026-03-01T00:00:00+08:00' },
      );
      const view = w.alliance({
        cq: { accreditations: [w.accreditation(), again], events: [w.event({ event: 'withdraw' })] },
      });
      assert.equal(at(view, issued('2026-04-01')).path.at(-1), again.id);
    });
    it('does not know an event before it takes effect', () =>
      assert.deepEqual(codes(at(with_(w.event({ effectiveFrom: '2026-12-01T00:00:00+08:00' })))), [
        'RECOGNISED_BY_ANCHOR',
      ]));
    it('lets old certificates stand after an administrative suspension, with a warning', () =>
      expect(at(with_(w.event({}))), 'recognised', 'ISSUER_LATER_SUSPENDED'));
    it('doubts the date after an integrity case unless a log proof is older', () => {
      const fraud = with_(w.event({ cause: 'integrity' }));
      expect(at(fraud), 'undetermined', 'BACKDATING_UNPROVEN');
      expect(at(fraud, w.facts({ provenBy: '2025-06-03T00:00:00Z' })), 'recognised', 'ISSUER_LATER_SUSPENDED');
      expect(at(fraud, w.facts({ provenBy: '2026-01-10T00:00:00Z' })), 'undetermined', 'BACKDATING_UNPROVEN');
    });
    it('refuses what the authority voided, even when logged', () => {
      const voided = w.event({ cause: 'integrity', voidsIssuedSince: '2025-05-01T00:00:00+08:00' });
      expect(
        at(with_(voided), w.facts({ provenBy: '2025-06-03T00:00:00Z' })),
        'not-recognised',
        'CERTIFICATES_VOIDED_SINCE',
      );
    });
    it('ignores events of an authority that did not accredit the issuer', () => {
      const view = w.alliance({ sc: { recognitions: [w.recognition()], events: [w.event({ authority: SC })] } });
      assert.equal(at(view, issued('2026-02-01')).outcome, 'recognised');
    });
    it('heeds a recogniser that suspends the authority it recognised', () => {
      const view = w.alliance({
        sc: { recognitions: [w.recognition()], events: [w.event({ authority: SC, about: CQ })] },
      });
      expect(at(view, issued('2026-02-01')), 'not-recognised', 'ISSUER_SUSPENDED_AT_ISSUE');
    });
    it('keeps certificates of a key retired later, refuses those signed after', () => {
      const retired = w.event({ event: 'key-revoked', keyId: `${INSTITUTION}#k1`, reason: 'superseded' });
      assert.equal(at(with_(retired)).outcome, 'recognised');
      expect(at(with_(retired), issued('2026-02-01')), 'not-recognised', 'KEY_NOT_VALID_AT_ISSUE');
    });
    it('believes a compromised key only with a log proof from before', () => {
      const stolen = with_(
        w.event({
          event: 'key-revoked',
          cause: 'integrity',
          keyId: `${INSTITUTION}#k1`,
          reason: 'compromised',
          compromisedSince: '2025-12-01T00:00:00+08:00',
        }),
      );
      expect(at(stolen), 'not-recognised', 'KEY_COMPROMISED');
      expect(at(stolen, w.facts({ provenBy: '2025-06-03T00:00:00Z' })), 'recognised', 'KEY_LATER_COMPROMISED');
    });
    it('refuses a key the accrediting authority does not publish', () => {
      expect(
        at(w.alliance(), w.facts({ verificationMethod: `${INSTITUTION}#k9` })),
        'not-recognised',
        'KEY_NOT_VALID_AT_ISSUE',
      );
      expect(
        at(w.alliance(), w.facts({ publicKeyMultibase: w.OTHER_KEY })),
        'not-recognised',
        'KEY_NOT_VALID_AT_ISSUE',
      );
    });
    it('does not let a recognised authority lend its own key to an institution of another', () => {
      const lent = w.accreditation(
        {
          id: 'urn:yizheng:accreditation:lent',
          authority: GD,
          signingKeys: [
            {
              id: `${INSTITUTION}#k1`,
              type: 'Multikey',
              publicKeyMultibase: w.OTHER_KEY,
              validFrom: '2024-01-01T00:00:00+08:00',
            },
          ],
        },
        {},
        { kind: ['specialised-ability'], occupation: undefined, level: undefined },
      );
      const view = w.alliance({
        sc: { recognitions: [w.recognition(), w.recognition({ subject: GD })] },
        others: [w.feed(GD, { accreditations: [lent] })],
      });
      const forged = w.facts({ issuedUnder: { id: lent.id, authority: GD } });
      expect(at(view, forged), 'not-recognised', 'KEY_NOT_VALID_AT_ISSUE');
      assert.equal(view.keyOf(`${INSTITUTION}#k1`), undefined);
    });
    it('grandfathers an ended recognition unless it lapses; exemptions never survive', () => {
      const ended = (more: object) =>
        w.alliance({ sc: { recognitions: [w.recognition({}, { validUntil: '2026-01-01T00:00:00+08:00', ...more })] } });
      expect(at(ended({})), 'recognised', 'RECOGNITION_EXPIRED_GRANDFATHERED');
      expect(at(ended({ expiryEffect: 'lapse' })), 'not-recognised', 'RECOGNITION_EXPIRED');
      expect(at(ended({ treatment: ['exempt-theory'] })), 'not-recognised', 'RECOGNITION_EXPIRED');
      expect(at(ended({}), issued('2026-02-01')), 'not-recognised', 'RECOGNITION_EXPIRED');
    });
    it('waits for a recognition that is not yet in force, and binds the window of issue', () => {
      const view = (more: object) => w.alliance({ sc: { recognitions: [w.recognition({}, more)] } });
      expect(at(view({ validFrom: '2027-01-01T00:00:00+08:00' })), 'not-recognised', 'RECOGNITION_NOT_YET_IN_FORCE');
      expect(
        at(view({ certificateIssued: { from: '2025-07-01T00:00:00+08:00' } })),
        'not-recognised',
        'ISSUED_OUTSIDE_RECOGNISED_PERIOD',
      );
      assert.equal(at(view({ validFrom: '2026-01-01T00:00:00+08:00' })).outcome, 'recognised');
    });
    it('M03 judges an old certificate by the old agreement and a new one by the new', () => {
      const old = w.recognition();
      const narrow = w.recognition(
        { id: 'urn:yizheng:recognition:new', supersedes: [old.id] },
        { validFrom: '2025-01-01T00:00:00+08:00', scope: { level: [{ framework: 'cn-skill-5', value: '5' }] } },
      );
      const view = w.alliance({ sc: { recognitions: [old, narrow] } });
      assert.equal(at(view, issued('2024-06-01')).outcome, 'recognised');
      expect(at(view, issued('2025-06-01')), 'not-recognised', 'LEVEL_OUT_OF_SCOPE');
    });
    it('drops a statement its own maker corrected from the same day, and no other maker can', () => {
      const old = w.recognition();
      const correction = w.recognition(
        { id: 'urn:yizheng:recognition:new', supersedes: [old.id] },
        { scope: { region: ['11*'] } },
      );
      expect(at(w.alliance({ sc: { recognitions: [old, correction] } })), 'not-recognised', 'REGION_OUT_OF_SCOPE');
      const stranger = { ...correction, authority: CQ, subject: SC };
      const view = w.alliance({
        sc: { recognitions: [old] },
        cq: { accreditations: [w.accreditation()], recognitions: [stranger] },
      });
      assert.equal(at(view).outcome, 'recognised');
    });
    it('wants a log proof where the accreditation says so, after three days', () => {
      const view = w.alliance({ cq: { accreditations: [w.accreditation({}, { requireLogProof: true })] } });
      expect(at(view), 'undetermined', 'LOG_PROOF_REQUIRED');
      expect(at(view, issued('2026-11-19')), 'recognised', 'LOG_PENDING');
      assert.equal(at(view, w.facts({ provenBy: '2025-06-03T00:00:00Z' })).outcome, 'recognised');
    });
    it('judges serial ranges and quotas with the counts passed in', () => {
      const counts = (inside: boolean | undefined, n: number) => ({
        serialInRange: () => inside,
        issuedInPeriod: () => n,
      });
      const view = w.alliance({
        cq: { accreditations: [w.accreditation({}, {}, { quota: { limit: 100, per: 'year' } })] },
      });
      expect(at(view, w.facts(), { counts: counts(false, 1) }), 'not-recognised', 'SERIAL_OUTSIDE_DECLARED_RANGE');
      expect(at(view, w.facts(), { counts: counts(true, 101) }), 'recognised', 'QUOTA_EXCEEDED');
      assert.deepEqual(codes(at(view, w.facts(), { counts: counts(undefined, 100) })), ['RECOGNISED_BY_ANCHOR']);
    });
  });

  describe('denial', () => {
    it('lets the anchor’s own denial beat every path, within its scope and period', () => {
      const deny = (more: object) =>
        w.alliance({
          sc: { recognitions: [w.recognition()], events: [w.event({ authority: SC, event: 'deny', ...more })] },
        });
      expect(at(deny({})), 'not-recognised', 'DENIED_BY_ANCHOR');
      expect(at(deny({ about: CQ })), 'not-recognised', 'DENIED_BY_ANCHOR');
      assert.equal(at(deny({ scope: { level: [{ framework: 'cn-skill-5', value: '5' }] } })).outcome, 'recognised');
      assert.equal(at(deny({ effectiveUntil: '2026-02-01T00:00:00+08:00' })).outcome, 'recognised');
    });
    it('ignores the denial of a stranger', () => {
      const view = w.alliance({ cq: { accreditations: [w.accreditation()], events: [w.event({ event: 'deny' })] } });
      assert.equal(at(view).outcome, 'recognised');
    });
  });

  describe('treatments', () => {
    const macau = (action: object, certificate: Partial<CertificateFacts> = {}, request?: DecideOptions['request']) => {
      const mo = w.accreditation(
        { authority: MO, id: 'urn:yizheng:accreditation:mo' },
        {},
        {
          kind: ['mo-skill'],
          level: [
            { framework: 'mo-dsal', value: 'basic' },
            { framework: 'mo-dsal', value: 'intermediate' },
          ],
        },
      );
      const view = createTrustView(
        [
          w.feed(GD, { recognitions: [w.recognition({ authority: GD, subject: MO }, action)] }),
          w.feed(MO, { accreditations: [mo] }),
        ],
        GD,
      );
      const certified = w.facts({
        kind: 'mo-skill',
        level: { framework: 'mo-dsal', value: 'intermediate' },
        issuedUnder: { id: mo.id, authority: MO },
        ...certificate,
      });
      return decide(certified, view, { anchor: GD, now: NOW, ...(request ? { request } : {}) });
    };
    const levelMapping: LevelMapping[] = [
      {
        from: { framework: 'mo-dsal', value: 'intermediate' },
        to: { framework: 'cn-skill-5', value: '4', kind: 'skill-level' },
      },
    ];
    const level = (value: string, framework = 'cn-skill-5') => ({ level: { framework, value } });
    it('deems a Macau intermediate proof a level 4 and lets it apply for level 3', () => {
      const found = macau({ levelMapping, treatment: ['deemed-level', 'apply-next-level'] });
      assert.deepEqual(found.as, {
        kind: 'skill-level',
        occupation: '6-31-01-03',
        level: { framework: 'cn-skill-5', value: '4' },
      });
      assert.deepEqual([found.outcome, found.treatment], ['recognised', ['deemed-level', 'apply-next-level']]);
      assert.deepEqual(found.entitlements, [
        { type: 'apply-next-level', above: { framework: 'cn-skill-5', value: '4' } },
      ]);
      const next = macau({ levelMapping, treatment: ['deemed-level', 'apply-next-level'] }, {}, level('3'));
      assert.deepEqual([next.outcome, next.obligations], ['recognised-with-conditions', ['next-level-exam']]);
    });
    it('does not deem a level nobody mapped', () =>
      expect(
        macau({ levelMapping, treatment: ['deemed-level'] }, level('basic', 'mo-dsal')),
        'not-recognised',
        'LEVEL_NOT_MAPPED',
      ));
    it('M18 gives only the right to apply, and holds nothing by itself', () => {
      const action = { levelMapping, treatment: ['apply-next-level'] };
      expect(macau(action, {}, level('4')), 'not-recognised', 'ONLY_ENTITLES_TO_APPLY');
      expect(macau(action, {}, level('3')), 'recognised-with-conditions', 'ONLY_ENTITLES_TO_APPLY');
      expect(macau(action, {}, level('2')), 'not-recognised', 'LEVEL_TOO_LOW');
    });
    const owed: [string[], string[]][] = [
      [['exempt-safety-training'], ['theory-exam', 'practical-exam']],
      [['exempt-theory'], ['safety-training', 'practical-exam']],
      [['exempt-theory', 'exempt-safety-training'], ['practical-exam']],
    ];
    for (const [treatment, obligations] of owed)
      it(`leaves ${obligations.join(' and ')} after ${treatment.join(' and ')}`, () => {
        const found = macau({ treatment });
        expect(found, 'recognised-with-conditions', 'RECOGNISED_WITH_OBLIGATIONS');
        assert.deepEqual(found.obligations, obligations);
      });
    it('compares the request: occupation, scale and level', () => {
      const ask = (request: DecideOptions['request']) => at(w.alliance(), w.facts(), request ? { request } : {});
      expect(ask({ occupation: '6-18-02-04' }), 'not-recognised', 'OCCUPATION_NOT_AS_REQUESTED');
      expect(ask({ kind: 'mo-skill' }), 'not-recognised', 'KIND_NOT_AS_REQUESTED');
      expect(ask(level('4', 'cn-occ-qual')), 'not-recognised', 'FRAMEWORK_NOT_AS_REQUESTED');
      expect(ask(level('3')), 'not-recognised', 'LEVEL_TOO_LOW');
      assert.equal(ask(level('5')).outcome, 'recognised');
    });
    it('answers a certificate problem first, whatever the data', () =>
      expect(
        at(w.alliance(), w.facts(), { certificateProblem: 'CERTIFICATE_REVOKED' }),
        'not-recognised',
        'CERTIFICATE_REVOKED',
      ));
  });

  describe('paths', () => {
    const chain = (top: object, lower: object = {}, more: Partial<DecideOptions> = {}) => {
      const view = createTrustView(
        [
          w.feed(SC, { recognitions: [w.recognition({ subject: GD }, top)] }),
          w.feed(GD, { recognitions: [w.recognition({ authority: GD, subject: CQ }, lower)] }),
          w.feed(CQ, { accreditations: [w.accreditation()] }),
        ],
        SC,
      );
      return at(view, w.facts(), more);
    };
    const onward = { action: 'recognize' as const, onward: { maxDepth: 1 } };
    it('is not transitive by itself', () => expect(chain({}), 'not-recognised', 'ACTION_NOT_GRANTED'));
    it('goes one further when the anchor’s own statement says so', () => {
      const found = chain(onward);
      assert.deepEqual([found.outcome, found.path.length], ['recognised', 3]);
    });
    it('goes no deeper than the statements and the policy allow', () => {
      assert.equal(chain(onward, {}, { policy: { maxDepth: 1 } }).outcome, 'not-recognised');
      const four = createTrustView(
        [
          w.feed(SC, { recognitions: [w.recognition({ subject: GD }, onward)] }),
          w.feed(GD, { recognitions: [w.recognition({ authority: GD, subject: HN }, onward)] }),
          w.feed(HN, { recognitions: [w.recognition({ authority: HN, subject: CQ })] }),
          w.feed(CQ, { accreditations: [w.accreditation()] }),
        ],
        SC,
      );
      expect(at(four, w.facts(), { policy: { maxDepth: 3 } }), 'not-recognised', 'PATH_TOO_LONG');
    });
    it('grants actions separately', () => {
      const view = w.alliance({ sc: { recognitions: [w.recognition({}, { action: 'issue' })] } });
      expect(at(view), 'not-recognised', 'ACTION_NOT_GRANTED');
    });
    it('maps a level once on a path', () => {
      const map = (from: string, to: string) => [
        { from: { framework: 'cn-skill-5', value: from }, to: { framework: 'cn-skill-5', value: to } },
      ];
      const found = chain(
        { ...onward, levelMapping: map('5', '4'), treatment: ['deemed-level'] },
        { levelMapping: map('4', '5'), treatment: ['deemed-level'] },
      );
      expect(found, 'not-recognised', 'MAPPING_INHIBITED');
    });
    it('shows the next hop the mapped certificate, and a deemed level stays deemed', () => {
      const lower = {
        levelMapping: [{ from: { framework: 'cn-skill-5', value: '4' }, to: { framework: 'cn-skill-5', value: '5' } }],
        treatment: ['deemed-level'],
      };
      const only5 = { ...onward, scope: { level: [{ framework: 'cn-skill-5', value: '5' }] } };
      const found = chain(only5, lower);
      assert.deepEqual([found.outcome, found.treatment, found.as?.level?.value], ['recognised', ['deemed-level'], '5']);
      expect(chain(only5), 'not-recognised', 'LEVEL_OUT_OF_SCOPE');
    });
    it('has nothing to say about a certificate that is no level below', () =>
      expect(chain(onward, { treatment: ['exempt-theory'] }), 'not-recognised', 'TREATMENTS_DO_NOT_COMPOSE'));
    it('prefers the path with the fewest obligations', () => {
      const view = w.alliance({
        sc: {
          recognitions: [
            w.recognition({ id: 'urn:yizheng:recognition:a' }, { treatment: ['exempt-theory'] }),
            w.recognition(),
          ],
        },
      });
      assert.equal(at(view).outcome, 'recognised');
    });
    it('says which part is missing instead of concluding absence', () => {
      const view = createTrustView([w.feed(SC, { recognitions: [w.recognition()] })], SC);
      expect(at(view), 'undetermined', 'REGISTRY_PART_MISSING');
      assert.deepEqual(authorise(w.facts(), view, { now: NOW }), {
        answer: 'unknown',
        reasons: [{ code: 'AUTHORITY_UNKNOWN', ref: CQ }],
        dataAsOf: null,
      });
    });
    it('knows an issuer that its authority never accredited', () =>
      expect(
        at(
          w.alliance({ cq: {}, sc: { recognitions: [w.recognition()] } }),
          w.facts({ issuer: 'did:web:fake.example', verificationMethod: 'did:web:fake.example#k1' }),
        ),
        'not-recognised',
        'ISSUER_NOT_ACCREDITED',
      ));
    it('stops at its budget and says so, but a wide list of partners costs none', () => {
      const many = (action: object) =>
        Array.from({ length: 300 }, (_, i) =>
          w.recognition({ id: `urn:yizheng:recognition:n${i}`, subject: `did:web:a${i}.example` }, action),
        );
      const view = (action: object) =>
        createTrustView(
          [
            w.feed(SC, { recognitions: many(action) }),
            ...Array.from({ length: 300 }, (_, i) => w.feed(`did:web:a${i}.example`)),
            w.feed(CQ, { accreditations: [w.accreditation()] }),
          ],
          SC,
        );
      expect(at(view(onward)), 'undetermined', 'SEARCH_LIMIT_REACHED');
      expect(at(view({})), 'not-recognised', 'NO_RECOGNITION_OF_AUTHORITY');
    });
  });

  describe('age of the data', () => {
    const later = (day: string) => ({ now: `${day}T00:00:01Z` });
    it('warns in the days of grace and refuses to accept when stale, saying what it would be', () => {
      expect(at(w.alliance(), w.facts(), later('2026-11-28')), 'recognised', 'STALE_GRACE');
      const stale = at(w.alliance(), w.facts(), later('2026-12-20'));
      expect(stale, 'undetermined', 'BUNDLE_STALE');
      assert.equal(stale.wouldBe, 'recognised');
      assert.equal(authorise(w.facts(), w.alliance(), later('2026-12-20')).answer, 'unknown');
    });
    it('is stale after seven days for kinds with danger to life', () => {
      const permits = { kind: ['special-operation'], occupation: undefined, level: undefined };
      const view = w.alliance({ cq: { accreditations: [w.accreditation({}, {}, permits)] } });
      const permit = w.facts({ kind: 'special-operation', level: undefined, occupation: undefined });
      assert.equal(at(view, permit, later('2026-11-26')).outcome, 'recognised');
      expect(at(view, permit, later('2026-11-27')), 'undetermined', 'BUNDLE_STALE');
    });
    it('never concludes absence from stale data, but refuses on what cannot be undone', () => {
      const view = w.alliance({ cq: { accreditations: [w.accreditation()], events: [w.event({})] } });
      const suspended = w.facts({ issuedAt: '2026-02-01T00:00:00+08:00', signedAt: '2026-02-01T02:00:00Z' });
      expect(at(view, suspended, later('2026-12-25')), 'not-recognised', 'ISSUER_SUSPENDED_AT_ISSUE');
      assert.equal(authorise(suspended, view, later('2026-12-25')).answer, 'fail');
      expect(at(w.alliance(), w.facts({ region: '110000' }), later('2026-12-25')), 'undetermined', 'BUNDLE_STALE');
      expect(
        at(w.alliance({ sc: { recognitions: [] } }), w.facts(), later('2026-12-25')),
        'undetermined',
        'BUNDLE_STALE',
      );
    });
    it('lets a stale stranger’s feed not spoil an answer that does not need it', () => {
      const old = w.feed(HN, {
        issuedAt: '2020-01-01T00:00:00Z',
        nextUpdate: '2020-01-02T00:00:00Z',
        staleAfter: '2020-02-01T00:00:00Z',
      });
      const view = w.alliance({
        sc: { recognitions: [w.recognition(), w.recognition({ subject: HN })] },
        others: [old],
      });
      assert.deepEqual(codes(at(view)), ['RECOGNISED_BY_ANCHOR']);
      expect(at(view, w.facts({ region: '110000' })), 'not-recognised', 'REGION_OUT_OF_SCOPE');
    });
    it('does not trust a clock a day behind the data', () => {
      expect(at(w.alliance(), w.facts(), later('2026-11-18')), 'undetermined', 'CLOCK_BEHIND_BUNDLE');
      assert.equal(at(w.alliance(), w.facts(), later('2026-11-19')).outcome, 'recognised');
    });
  });

  it('never changes its decision for anything said by authorities outside the anchor’s path', () => {
    const stranger = fc.integer({ min: 0, max: 5 }).map((n) => `did:web:stranger${n}.example`);
    const inside = fc.constantFrom(SC, CQ, GD, INSTITUTION);
    const strangers = fc.array(
      fc.record({
        authority: stranger,
        subjects: fc.array(fc.oneof(stranger, inside), { maxLength: 6 }),
        accredits: fc.boolean(),
        onward: fc.boolean(),
        event: fc.constantFrom('suspend' as const, 'withdraw' as const, 'deny' as const, 'key-revoked' as const),
        supersedes: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    const base = [
      w.feed(SC, {
        recognitions: [
          w.recognition(),
          w.recognition({ subject: GD }, { action: 'recognize', onward: { maxDepth: 1 } }),
        ],
      }),
      w.feed(CQ, { accreditations: [w.accreditation()] }),
      w.feed(GD),
    ];
    const certificates = [
      w.facts(),
      w.facts({ region: '110000' }),
      w.facts({ issuer: 'did:web:fake.example', verificationMethod: 'did:web:fake.example#k1' }),
      w.facts({ issuedUnder: { id: 'urn:yizheng:accreditation:x', authority: 'did:web:stranger1.example' } }),
    ];
    const expected = certificates.map((certificate) => at(createTrustView(base, SC), certificate));
    fc.assert(
      fc.property(strangers, (list) => {
        const extra = [...new Map(list.map((item) => [item.authority, item])).values()].map((item) =>
          w.feed(item.authority, {
            accreditations: item.accredits
              ? [
                  w.accreditation({
                    authority: item.authority,
                    supersedes: item.supersedes ? ['urn:yizheng:accreditation:other'] : undefined,
                  }),
                ]
              : [],
            recognitions: [...new Set(item.subjects)]
              .filter((subject) => subject !== item.authority)
              .map((subject, i) =>
                w.recognition(
                  {
                    id: `urn:yizheng:recognition:${i}`,
                    authority: item.authority,
                    subject,
                    supersedes: item.supersedes ? ['urn:yizheng:recognition:hrss.sc-hrss.cq'] : undefined,
                  },
                  item.onward ? { action: 'recognize', onward: { maxDepth: 8 } } : {},
                ),
              ),
            events: [INSTITUTION, CQ].map((about, i) =>
              w.event({
                id: `urn:yizheng:event:${i}`,
                authority: item.authority,
                about,
                event: item.event,
                ...(item.event === 'key-revoked' ? { keyId: `${about}#k1`, reason: 'compromised' } : {}),
              }),
            ),
          }),
        );
        assert.deepEqual(
          certificates.map((certificate) => at(createTrustView([...extra, ...base], SC), certificate)),
          expected,
        );
      }),
      { numRuns: 200 },
    );
  });
});

import assert from 'node:assert/strict';
import { coverFacts } from '../../../issuer/batch/cover-facts.js';
import { FactIds } from '../../../issuer/batch/fact-ids.js';
import { recheckRow } from '../../../issuer/batch/recheck-row.js';
import {
  countedFacts,
  haveSameFacts,
  parseRowFacts,
  rowFactsName,
  rowFactsText,
} from '../../../issuer/batch/row-facts.js';
import type { CertificateDraft } from '../../../issuer/exam-result.js';
import { cellOf } from '../../../issuer/supervision/certificate-cells.js';
import { KIND_IDS } from '../../../shared/certificate/kind.js';
import { sampleRecord } from '../../certificate/sample-records.js';

const CODE = 'S000051000123';
const DAY = '2026-11-21';
const ACCREDITATION = 'urn:yizheng:accreditation:S000051000123:1';

const REGION = { region: '500000' };
const CHANGES: readonly ((draft: CertificateDraft) => CertificateDraft)[] = [
  (draft) => draft,
  (draft) => ({ ...draft, assessment: { ...draft.assessment, date: '2026-10-01' } }),
  (draft) => ({ ...draft, assessment: { ...draft.assessment, ...REGION } }),
  (draft) => ({ ...draft, assessment: { ...draft.assessment, id: '2026-PJ-9' } }),
  (draft) => ({ ...draft, assessment: { ...draft.assessment, standard: '另一标准' } }),
  (draft) => ({ ...draft, expiresOn: '2030-01-01' }),
  (draft) => ({ ...draft, level: undefined }),
  (draft) => ({ ...draft, occupation: draft.occupation && { ...draft.occupation, name: '别名' } }),
  (draft) => ({ ...draft, occupation: draft.occupation && { ...draft.occupation, trade: '别的工种' } }),
  (draft) => ({ ...draft, holder: { ...draft.holder, name: '欧阳建国' } }),
];

function draftsOfAllKinds(): CertificateDraft[] {
  return KIND_IDS.flatMap((kind) => {
    const { certificateNumber: _, revision: __, issuer: ___, authority: ____, ...rest } = sampleRecord(kind);
    const { accreditation: _____, status: ______, ...draft } = rest;
    return CHANGES.map((change) => change(draft));
  });
}

const stored = ({ issuedOn: _, ...draft }: CertificateDraft) => ({
  draft: JSON.stringify(draft),
  assessment: draft.assessment.id,
  number: null,
  issued_on: null,
});

describe('what rows of a batch share', () => {
  const drafts = draftsOfAllKinds();

  it('counts a certificate where its draft would, also in batches of earlier releases', () => {
    for (const draft of drafts) {
      const expected = cellOf(CODE, { ...draft, issuedOn: DAY }, ACCREDITATION);
      for (const text of [rowFactsText(draft, CODE), JSON.stringify(coverFacts(draft, CODE))])
        assert.deepEqual(cellOf(CODE, countedFacts(stored(draft), parseRowFacts(text), DAY), ACCREDITATION), expected);
    }
  });

  it('decides about the accreditation as the draft would', () => {
    for (const draft of drafts)
      assert.deepEqual(
        parseRowFacts(rowFactsText(draft, CODE)).cover,
        JSON.parse(JSON.stringify(coverFacts(draft, CODE))),
      );
  });

  it('gives one id to the same facts and another to others, whichever way it looks', () => {
    const ids = new FactIds(CODE);
    const known = new Map<string, number>();
    for (const draft of [...drafts, ...drafts.toReversed()]) {
      const text = rowFactsText(draft, CODE);
      const id = ids.idOf(draft);
      assert.equal(known.get(text) ?? id, id);
      known.set(text, id);
    }
    assert.equal(new Set(known.values()).size, known.size);
    assert.deepEqual([...ids.takeFresh().values()].sort(), [...known.keys()].sort());
    for (const a of drafts)
      for (const b of drafts) {
        const isSame = rowFactsText(a, CODE) === rowFactsText(b, CODE);
        if (haveSameFacts(a, b)) assert.ok(isSame);
        const name = rowFactsName(a);
        if (name !== undefined && name === rowFactsName(b)) assert.ok(isSame);
      }
  });

  it('refuses a row on a day before its assessment or after its end, from facts and from drafts', () => {
    const [first] = drafts;
    assert.ok(first);
    const draft = { ...first, assessment: { ...first.assessment, date: '2026-11-20' }, expiresOn: '2026-11-22' };
    for (const text of [rowFactsText(draft, CODE), JSON.stringify(coverFacts(draft, CODE))]) {
      const answer = (issuedOn: string, changes: object = {}): string | undefined =>
        recheckRow({ ...stored(draft), ...changes }, parseRowFacts(text), { institution: CODE, issuedOn });
      assert.deepEqual(
        ['2026-11-19', '2026-11-20', '2026-11-22', '2026-11-23'].map((day) => answer(day)),
        ['RECORD_INVALID', undefined, undefined, 'RECORD_INVALID'],
      );
      const forged = stored({ ...draft, assessment: { ...draft.assessment, date: '2026-11-21' } });
      assert.equal(answer('2026-11-20', { draft: forged.draft, issued_on: '2026-11-20' }), 'RECORD_INVALID');
    }
  });
});

import assert from 'node:assert/strict';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import type { ExamResult } from '../../issuer/exam-result.js';
import { resultKeys, type KeyedResult } from '../../issuer/result-keys.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { arbitraryRecord } from '../carrier/arbitrary-certificate.js';

/** The texts whose HMACs are the keys, by purpose. */
async function keyTexts(results: readonly KeyedResult[]): Promise<Record<string, string[]>> {
  const texts: Record<string, string[]> = {};
  await resultKeys(
    {
      hmacAll: (purpose, data) => {
        texts[purpose] = data.map((one) => (typeof one === 'string' ? one : new TextDecoder().decode(one)));
        return Promise.resolve(data.map(() => new Uint8Array(32)));
      },
    },
    results,
  );
  return texts;
}

function resultOf(record: CertificateRecord, idNumber: string): KeyedResult & { exam: ExamResult } {
  const { name, identityDocumentType: idType } = record.holder;
  return { draft: record, exam: { ...record, holder: { name, idType, idNumber } } };
}

/** What the keys are of, member by member; databases hold HMACs of the canonical JSON (RFC 8785) of exactly this. */
function facts({ kind, occupation, level, assessment, ...record }: CertificateRecord): object {
  return {
    kind,
    occupation: occupation && [occupation.catalogueEdition, occupation.code, occupation.trade ?? ''],
    level: level && [level.framework, level.value],
    assessment: [assessment.id, assessment.date],
    specification: record.specification?.code,
    competition: record.competition && [record.competition.filingNumber, record.competition.event],
    training: record.training?.title,
  };
}

describe('the keys a result is found by', () => {
  it('are of the canonical JSON of the same facts as ever, for every kind and any names', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(arbitraryRecord, fc.stringMatching(/^[0-9A-Za-z"\\/]{6,20}$/)), { maxLength: 3 }),
        async (drawn) => {
          const texts = await keyTexts(drawn.map(([record, idNumber]) => resultOf(record, idNumber)));
          const documents = drawn.map(([{ holder }, idNumber]) => ({
            idType: holder.identityDocumentType,
            idNumber: idNumber.toUpperCase(),
          }));
          const shown = drawn.map(({ 0: record }) => {
            const { name, identityDocumentType, identityDocumentLastFour } = record.holder;
            return { holder: [name, identityDocumentType, identityDocumentLastFour], ...facts(record) };
          });
          const whole = drawn.map(([record], i) => ({ ...documents[i], ...facts(record) }));
          const canonical = (values: readonly object[]): (string | undefined)[] =>
            values.map((one) => canonicalize(one));
          assert.deepEqual(texts, {
            'issuer duplicate': canonical(whole),
            'issuer holder': canonical(documents),
            'issuer result': canonical(shown),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are refused for half a character, and made for a text that only looks like one escaped', async () => {
    const [record] = fc.sample(arbitraryRecord, 1) as [CertificateRecord];
    const named = (name: string): KeyedResult => ({ draft: { ...record, holder: { ...record.holder, name } } });
    await assert.rejects(keyTexts([named('张\ud800')]), /surrogate/);
    const { 'issuer result': texts } = await keyTexts([named('张\\ud800')]);
    assert.equal((JSON.parse(texts?.[0] ?? '') as { holder: string[] }).holder[0], '张\\ud800');
  });
});

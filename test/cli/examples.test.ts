import assert from 'node:assert/strict';
import { ACCREDITATION_EXAMPLE, EVENT_EXAMPLE, EXAM_RESULT_EXAMPLE, RECOGNITION_EXAMPLE } from '../../cli/examples.js';
import { draftOf, parseExamResult } from '../../issuer/exam-result.js';
import { accreditationInputSchema, eventInputSchema, recognitionInputSchema } from '../../registry/statement-input.js';
import { parseStatement } from '../../shared/trust/statement-schema.js';
import { cli } from './run.js';

const AUTHORITY = 'did:web:sichuan.example';
const now = '2026-11-21T09:00:00Z';
const begun = <T extends object>(action: string, actions: readonly T[]) =>
  actions.map((one) => ({ action, validFrom: now, ...one }));

describe('the example files in the help of the command line', () => {
  it('are taken by an issuer and by a registry, with what the registry fills in', () => {
    assert.equal(draftOf(parseExamResult(EXAM_RESULT_EXAMPLE), '2026-11-21').occupation?.code, '6-18-02-04');
    const { institution, actions } = ACCREDITATION_EXAMPLE;
    accreditationInputSchema.parse(ACCREDITATION_EXAMPLE);
    parseStatement('accreditation', {
      ...ACCREDITATION_EXAMPLE,
      id: 'urn:yizheng:accreditation:S000051000001:1',
      authority: AUTHORITY,
      signingKeys: [
        {
          id: `${institution}#key-1`,
          type: 'Multikey',
          publicKeyMultibase: 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
          validFrom: now,
        },
      ],
      actions: begun('issue', actions),
    });
    recognitionInputSchema.parse(RECOGNITION_EXAMPLE);
    parseStatement('recognition', {
      ...RECOGNITION_EXAMPLE,
      id: 'urn:yizheng:recognition:sichuan.example:1',
      authority: AUTHORITY,
      registryRoot: { version: 1, digestMultibase: `uEiA${'A'.repeat(43)}` },
      actions: begun('accredit', RECOGNITION_EXAMPLE.actions),
    });
    eventInputSchema.parse(EVENT_EXAMPLE);
  });

  it('stand in the help of their command', async () => {
    for (const [command, example] of [
      [['issue'], EXAM_RESULT_EXAMPLE],
      [['registry', 'accredit'], ACCREDITATION_EXAMPLE],
      [['registry', 'recognise'], RECOGNITION_EXAMPLE],
      [['registry', 'event'], EVENT_EXAMPLE],
    ] as const) {
      const { out } = await cli([...command, '--help'], { home: '/nowhere' });
      assert.ok(out.includes(JSON.stringify(example, null, 2)), command.join(' '));
    }
  });
});

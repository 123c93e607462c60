import assert from 'node:assert/strict';
import { accredited, ask, codes, five, JIANGSU, recordOf, viewOf, WELDER, withRecognitions } from './world.js';

const OLD = 'urn:yizheng:recognition:jiangsu.example:version-2020';
const NEW = 'urn:yizheng:recognition:jiangsu.example:version-2023';
const record = recordOf('skill-level', accredited('chongqing.example:2019-001'), {
  occupation: WELDER,
  level: five('3'),
  issuedOn: '2020-10-15',
});
/** Only the two versions, without the nationwide rule. */
const view = viewOf(
  JIANGSU,
  withRecognitions(JIANGSU, (rows) => rows.filter((row) => [OLD, NEW].includes(row.id))),
);
const at = (asOf: string) => ask(JIANGSU, record, { asOf }, view);

describe('M03 successive agreements', () => {
  it('AC-03 evaluates an event of 2021 under the agreement of 2020, although a newer one has replaced it', () => {
    const found = at('2021-06-01T00:00:00Z');
    assert.equal(found.outcome, 'recognised-with-conditions');
    assert.equal(found.path[0], OLD);
    assert.deepEqual(found.treatment, ['exempt-theory']);
    assert.deepEqual(found.obligations, ['safety-training', 'practical-exam']);
  });

  it('AC-03 evaluates an event of 2024, and today, under the agreement of 2023', () => {
    for (const found of [at('2024-06-01T00:00:00Z'), ask(JIANGSU, record, {}, view)]) {
      assert.equal(found.outcome, 'recognised');
      assert.equal(found.path[0], NEW);
    }
  });

  it('AC-03 finds nothing in force before the first agreement, and never looks into the future', () => {
    const found = at('2020-08-01T00:00:00Z');
    assert.deepEqual([found.outcome, codes(found)[0]], ['not-recognised', 'RECOGNITION_NOT_YET_IN_FORCE']);
    assert.deepEqual(at('2090-01-01T00:00:00Z'), ask(JIANGSU, record, {}, view));
  });
});

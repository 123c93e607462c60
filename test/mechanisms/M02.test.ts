import assert from 'node:assert/strict';
import { recognitionNotes } from '../../shared/trust/notes/recognition-notes.js';
import {
  accredited,
  ask,
  codes,
  ELECTRICIAN,
  five,
  GUANGDONG,
  recordOf,
  tables,
  viewOf,
  WAITER,
  ZHUHAI,
} from './world.js';

const macau = (value: string) => ({ framework: 'mo-dsal', value });
const waiter = (member: string, issuedOn: string, changes: object = {}) =>
  recordOf('mo-skill', accredited(`dsal-macau.example:2020-00${member}`), {
    occupation: WAITER,
    level: macau('intermediate'),
    issuedOn,
    assessment: { standard: 'GZB 4-03-02-05-2022', region: '820000' },
    ...changes,
  });

describe('M02 Zhuhai–Macau alliance', () => {
  it('AC-02a a member that left: what it issued before counts, what it issued after does not', () => {
    const before = ask(ZHUHAI, waiter('2', '2025-06-30'));
    assert.equal(before.outcome, 'recognised');
    assert.ok(codes(before).includes('RECOGNITION_EXPIRED_GRANDFATHERED'));
    const after = ask(ZHUHAI, waiter('2', '2025-07-02'));
    assert.equal(after.outcome, 'not-recognised');
    assert.deepEqual(after.reasons[0], {
      code: 'RECOGNITION_EXPIRED',
      ref: 'urn:yizheng:recognition:zhuhai.example:alliance-2',
    });
    assert.equal(ask(ZHUHAI, waiter('1', '2025-07-02')).outcome, 'recognised');
  });

  it('AC-02a an institution that never joined is no member, though the same authority accredits it', () => {
    const stranger = recordOf('mo-skill', accredited('dsal-macau.example:2020-003'), {
      occupation: ELECTRICIAN,
      level: macau('basic'),
      assessment: { region: '820000' },
    });
    assert.equal(ask(ZHUHAI, stranger).outcome, 'not-recognised');
  });

  it('AC-02b warns when assessed against another standard version than the alliance agreed on, and does not refuse', () => {
    const record = waiter('1', '2025-05-01', { assessment: { standard: 'GZB 4-03-02-05-2009', region: '820000' } });
    const found = ask(ZHUHAI, record);
    assert.equal(found.outcome, 'recognised');
    const notes = recognitionNotes(record, found, viewOf(ZHUHAI), tables['agreed-standards']);
    assert.deepEqual(
      notes.map(({ code, params }) => [code, params?.['agreed']]),
      [['STANDARD_NOT_AS_AGREED', 'GZB 4-03-02-05-2022']],
    );
    const same = waiter('1', '2025-05-01');
    assert.deepEqual(recognitionNotes(same, ask(ZHUHAI, same), viewOf(ZHUHAI), tables['agreed-standards']), []);
  });

  it('maps Macau’s own scale: intermediate counts as level 4 and no higher', () => {
    const found = ask(ZHUHAI, waiter('1', '2025-05-01'), { request: { kind: 'skill-level', level: five('4') } });
    assert.deepEqual(found.as, { kind: 'skill-level', occupation: WAITER.code, level: five('4') });
    assert.deepEqual(found.treatment, ['deemed-level']);
    const higher = ask(ZHUHAI, waiter('1', '2025-05-01'), { request: { kind: 'skill-level', level: five('3') } });
    assert.deepEqual([higher.outcome, codes(higher)[0]], ['not-recognised', 'LEVEL_TOO_LOW']);
  });

  it('Guangdong adopts Macau electricians: basic as level 5, with the right to apply for level 4', () => {
    const record = recordOf('mo-skill', accredited('dsal-macau.example:2020-003'), {
      occupation: ELECTRICIAN,
      level: macau('basic'),
      assessment: { region: '820000' },
    });
    assert.equal(ask(GUANGDONG, record, { request: { kind: 'skill-level', level: five('5') } }).outcome, 'recognised');
    const next = ask(GUANGDONG, record, { request: { kind: 'skill-level', level: five('4') } });
    assert.deepEqual([next.outcome, next.obligations], ['recognised-with-conditions', ['next-level-exam']]);
  });
});

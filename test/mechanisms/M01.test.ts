import assert from 'node:assert/strict';
import { noteText } from '../../shared/trust/notes/note-text.js';
import { recognitionNotes } from '../../shared/trust/notes/recognition-notes.js';
import {
  accredited,
  ask,
  CHONGQING,
  codes,
  five,
  recordOf,
  SHANGHAI,
  SICHUAN,
  viewOf,
  WELDER,
  withRecognitions,
} from './world.js';

const MEMO = 'urn:yizheng:recognition:sichuan.example:cy-2020-memo';
const welder = (changes: object = {}) =>
  recordOf('skill-level', accredited('chongqing.example:2019-001'), {
    occupation: WELDER,
    level: five('3'),
    issuedOn: '2022-05-10',
    ...changes,
  });

describe('M01 Sichuan–Chongqing memorandum', () => {
  it('AC-01a recognises a Chongqing senior welder of 2022 in Sichuan under the memorandum, and derives that it is mutual', () => {
    const found = ask(SICHUAN, welder());
    assert.equal(found.outcome, 'recognised');
    assert.deepEqual(found.reasons[0], { code: 'RECOGNISED_BY_ANCHOR', ref: MEMO });
    assert.deepEqual(found.path, [MEMO, 'urn:yizheng:accreditation:chongqing.example:2019-001']);
    assert.equal(found.mutual, true);
    assert.deepEqual(found.obligations, []);
  });

  it('AC-01b in Shanghai the certificate is valid nationwide, not under the memorandum: neither refused nor bilateral', () => {
    const found = ask(SHANGHAI, welder());
    assert.equal(found.outcome, 'recognised');
    assert.equal(found.path.includes(MEMO), false);
    assert.deepEqual(found.path.slice(0, 2), [
      'urn:yizheng:recognition:shanghai.example:nationwide',
      'urn:yizheng:recognition:mohrss.example:provinces-chongqing',
    ]);
    assert.equal(found.mutual, false);
  });

  it('AC-01c a certificate older than the memorandum counts by holding it; where the agreement bounds the day of issue, it does not', () => {
    const old = welder({ issuedOn: '2019-11-01' });
    assert.equal(ask(SICHUAN, old).path[0], MEMO);
    const bounded = viewOf(
      SICHUAN,
      withRecognitions(SICHUAN, (rows) =>
        rows
          .filter((row) => row.id === MEMO)
          .map((row) => ({
            ...row,
            actions: row.actions.map((action) => ({
              ...action,
              certificateIssued: { from: '2020-07-03T00:00:00+08:00' },
            })),
          })),
      ),
    );
    const refused = ask(SICHUAN, old, {}, bounded);
    assert.equal(refused.outcome, 'not-recognised');
    assert.deepEqual(refused.reasons[0], { code: 'ISSUED_OUTSIDE_RECOGNISED_PERIOD', ref: MEMO });
    assert.equal(ask(SICHUAN, welder({ issuedOn: '2020-07-03' }), {}, bounded).outcome, 'recognised');
  });

  it('AC-01d says that the memorandum publishes no list of occupations instead of passing in silence', () => {
    const record = welder();
    const [note, ...more] = recognitionNotes(record, ask(SICHUAN, record), viewOf(SICHUAN));
    assert.deepEqual(more, []);
    assert.equal(note?.code, 'OCCUPATIONS_UNLISTED');
    assert.equal(note.ref, MEMO);
    assert.match(noteText(note, 'zh-CN'), /“川渝职业技能等级和专项证书互认备忘录”未公布职业清单/);
    assert.match(noteText(note, 'en'), /publishes no list of occupations/);
    assert.deepEqual(recognitionNotes(record, ask(SHANGHAI, record), viewOf(SHANGHAI)), []);
  });

  it('covers senior level and above only, in both directions', () => {
    const under = withRecognitions(SICHUAN, (rows) => rows.filter((row) => row.id === MEMO));
    const found = ask(SICHUAN, welder({ level: five('4') }), {}, viewOf(SICHUAN, under));
    assert.deepEqual([found.outcome, codes(found)[0]], ['not-recognised', 'LEVEL_OUT_OF_SCOPE']);
    const sichuan = recordOf('skill-level', accredited('sichuan.example:2019-001'), {
      occupation: WELDER,
      level: five('2'),
    });
    assert.equal(ask(CHONGQING, sichuan).path[0], 'urn:yizheng:recognition:chongqing.example:cy-2020-memo');
  });
});

import assert from 'node:assert/strict';
import { numberFormat } from '../../shared/certificate/certificate-number.js';
import { advancementNotes } from '../../shared/trust/notes/advancement-notes.js';
import { noteText } from '../../shared/trust/notes/note-text.js';
import { accredited, allowed, ask, five, recordOf, SICHUAN, WELDER } from './world.js';

const under = accredited('chongqing.example:2019-001');
const young = (changes: object = {}) =>
  recordOf('skill-level', under, {
    occupation: WELDER,
    level: five('1'),
    assessment: { method: 'exceptional' },
    advancement: { path: 'exceptional', basis: '渝人社发〔示例〕16号' },
    ...changes,
  });

describe('M07 exceptional promotion', () => {
  it('AC-07a is shown with its basis, is no error, and is recognised like any other', () => {
    const [note] = advancementNotes(young());
    assert.deepEqual(note, { code: 'ADVANCED_EXCEPTIONALLY', params: { basis: '渝人社发〔示例〕16号' } });
    assert.match(noteText(note, 'zh-CN'), /破格晋升,依据:渝人社发〔示例〕16号/);
    assert.equal(allowed(young()).answer, 'pass');
    assert.equal(ask(SICHUAN, young()).outcome, 'recognised');
  });

  it('AC-07b without a document to rest on asks for evidence', () => {
    assert.deepEqual(advancementNotes(young({ advancement: undefined })), [
      { code: 'ADVANCEMENT_NEEDS_EVIDENCE', params: { path: 'exceptional' } },
    ]);
    assert.deepEqual(advancementNotes(young({ advancement: undefined, assessment: { method: 'examination' } })), []);
  });

  it('AC-07c an old 16-digit qualification certificate can be issued as what it is, and is recognised', () => {
    const old = recordOf('occ-qualification', under, {
      occupation: WELDER,
      level: { framework: 'cn-occ-qual', value: '1' },
      issuedOn: '2019-07-01',
      assessment: { region: '500000' },
    });
    assert.equal(numberFormat(old.certificateNumber), 'qualification-16');
    const found = ask(SICHUAN, old);
    assert.equal(found.outcome, 'recognised');
    assert.deepEqual(found.as?.level, { framework: 'cn-occ-qual', value: '1' });
  });
});

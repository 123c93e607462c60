import assert from 'node:assert/strict';
import { noteText } from '../../shared/trust/notes/note-text.js';
import { reviewNotes } from '../../shared/trust/notes/review-notes.js';
import { accredited, ask, five, NOW, recordOf, SICHUAN, viewOf, WELDER } from './world.js';

const reviewed = accredited('chongqing.example:2019-001');

describe('M05 cross-review of institutions', () => {
  it('AC-05a a failed review warns and revokes nothing', () => {
    const notes = reviewNotes(reviewed.institution, viewOf(SICHUAN), NOW);
    assert.deepEqual(
      notes.map(({ code, ref }) => [code, ref]),
      [['ISSUER_REVIEW_FAILED', 'urn:yizheng:review:sichuan.example:2026-01']],
    );
    assert.match(noteText(notes[0]!, 'zh-CN'), /不合格。仅供参考,不影响已颁发证书的效力/);
    const record = recordOf('skill-level', reviewed, { occupation: WELDER, level: five('3') });
    const withReview = ask(SICHUAN, record);
    const without = ask(
      SICHUAN,
      record,
      {},
      viewOf(SICHUAN, (feed) => ({ ...feed, reviews: [] })),
    );
    assert.deepEqual(withReview, without);
    assert.equal(withReview.outcome, 'recognised');
  });

  it('AC-05b a review that ran out says so', () => {
    const about = accredited('sichuan.example:2019-001').institution;
    const [note] = reviewNotes(about, viewOf(SICHUAN), NOW);
    assert.equal(note?.code, 'ISSUER_REVIEW_EXPIRED');
    assert.equal(reviewNotes(about, viewOf(SICHUAN), '2023-06-01T00:00:00Z')[0]?.code, 'ISSUER_REVIEW_PASSED');
    assert.deepEqual(reviewNotes(about, viewOf(SICHUAN), '2022-06-01T00:00:00Z'), []);
  });
});

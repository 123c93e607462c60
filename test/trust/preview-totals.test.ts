import assert from 'node:assert/strict';
import { previewDraft } from '../../shared/trust/preview/preview-draft.js';
import type { Preview } from '../../shared/trust/preview/types.js';
import { alliance, NOW, recognition, SC } from './world.js';

/** Sichuan takes electricians away from what it recognises and adds machinists. */
function preview(mostRows: number): Preview {
  const only = (id: string, occupation: string) => recognition({ id }, { scope: { occupation: [occupation] } });
  const old = only('urn:yizheng:recognition:old', '6-31-01-03');
  const statement = only('urn:yizheng:recognition:new', '6-18-*');
  const steps = previewDraft({
    anchor: SC,
    draft: { kind: 'recognition', statement },
    cited: [old],
    before: alliance({ sc: { recognitions: [old] } }),
    after: alliance({ sc: { recognitions: [statement] } }),
    at: NOW,
    mostCells: 1000,
    mostRows,
  });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe('preview: totals', () => {
  it('count what is lost even where only what is gained is shown', () => {
    const all = preview(100);
    assert.equal(all.rowsLeftOut, 0);
    const lost = all.rows.filter(({ change }) => change === 'lost');
    assert.ok(lost.length > 0);
    const short = preview(1);
    assert.deepEqual(
      short.rows.map(({ change }) => change),
      ['gained'],
    );
    assert.equal(short.rowsLeftOut, all.rows.length - 1);
    assert.deepEqual(short.totals.lost, { rows: lost.length, institutions: 1 });
    assert.deepEqual(short.totals, all.totals);
  });
});

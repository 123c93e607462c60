import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { createCarrierIo } from '../../server/carrier-io.js';
import type { Problem } from '../../server/index.js';
import { line, sheetFile } from '../issuer/batch/sheets.js';
import { answer, CODE, WALLET_URL } from '../issuer/world.js';
import { startWalletWorld, type WalletWorld } from './wallet-world.js';

const at = `/institutions/${CODE}`;
const SD_JWT = 'SkillLevelCertificate_dc+sd-jwt';

describe('slips that hand a batch to the wallets of its holders', function () {
  this.timeout(120_000);
  const io = createCarrierIo();
  let world: WalletWorld;
  before(async () => {
    world = await startWalletWorld();
  });
  after(() => world.remove());

  /** Issues a certificate for each line. @returns the batch and the numbers of its certificates */
  const issue = async (name: string, lines: readonly string[]): Promise<{ id: string; numbers: string[] }> => {
    const { batches } = world.issuer.service;
    const path = await sheetFile(join(world.folder, `${name}.csv`), lines);
    const request = { institution: CODE, actor: 'clerk-1', operation: 'issue' } as const;
    const { id } = await batches.upload({ ...request, file: { path, name } });
    await batches.confirm(CODE, id, { actor: 'clerk-1', rows: 'all' });
    while ((await batches.get(CODE, id)).state !== 'done') await sleep(20);
    return { id, numbers: (await batches.rows(CODE, id)).map(({ certificate }) => certificate?.number ?? '') };
  };
  const slips = (id: string, query = ''): Promise<Response> =>
    world.call('POST', `${at}/batches/${id}/offer-slips.pdf${query}`, {});
  const textsOf = async (pdf: Uint8Array): Promise<string[]> => {
    const loading = getDocument({ data: Uint8Array.from(pdf), verbosity: 0 });
    const document = await loading.promise;
    const pages: string[] = [];
    for (let page = 1; page <= document.numPages; page++) {
      const { items } = await (await document.getPage(page)).getTextContent();
      pages.push(items.map((item) => ('str' in item ? item.str : '')).join('\n'));
    }
    await loading.destroy();
    return pages;
  };
  /** What the code says in one half of a slip on the first page; slips are numbered from the upper left. */
  const scan = async (pdf: Uint8Array, slip: number, half: 0 | 1): Promise<string> => {
    const { width, height, data } = await io.renderPdfPixels(pdf, 1, { dpi: 150 });
    const [w, h] = [Math.floor(width / 4), Math.floor(height / 2)];
    const [left, top] = [(slip % 2) * 2 * w + half * w, Math.floor(slip / 2) * h];
    const cut = new Uint8ClampedArray(w * h * 4);
    for (let y = 0; y < h; y++) {
      const from = ((top + y) * width + left) * 4;
      cut.set(data.subarray(from, from + w * 4), y * w * 4);
    }
    return io.readQrImage({ width: w, height: h, data: cut });
  };
  const pdfOf = async (response: Promise<Response>): Promise<Uint8Array> => {
    const got = await response;
    assert.equal(got.status, 200, got.status === 200 ? '' : await got.clone().text());
    return new Uint8Array(await got.arrayBuffer());
  };
  const codeOf = async (response: Promise<Response>): Promise<string> =>
    ((await (await response).json()) as Partial<Problem>).code ?? '';

  it('where one person may know both, the codes stand on a page of their own and open the links of the slips', async () => {
    const { id, numbers } = await issue('alone', [line(1, { name: '张伟' }), line(2, { name: '欧阳娜娜' })]);
    const pdf = await pdfOf(slips(id));
    const [first = '', second = '', ...more] = await textsOf(pdf);
    assert.deepEqual(more, []);
    for (const text of ['张伟', '欧阳娜娜', ...numbers]) assert.ok(first.includes(text) && second.includes(text), text);
    assert.doesNotMatch(first, /^\d{6}$/mu, 'no code on a slip');
    const codes = [...second.matchAll(/^\d{6}$/gmu)].map(([code]) => code);
    assert.equal(codes.length, 2);
    assert.ok((await scan(pdf, 1, 0)).startsWith(WALLET_URL), 'opened by the camera of any phone');
    const taken = await world.wallet.take(await scan(pdf, 1, 1), codes[1] ?? '');
    await world.wallet.receive(taken, SD_JWT, [await world.wallet.newKey()]);
  });

  it('where two are needed there is no code anywhere in the file; the second person tells it', async () => {
    const { id, numbers } = await issue('two', [line(11)]);
    await world.issuer.service.institutions.setApproval(CODE, true, 'test');
    try {
      const pdf = await pdfOf(slips(id));
      const pages = await textsOf(pdf);
      assert.equal(pages.length, 1);
      assert.match(pages[0] ?? '', /由另一位工作人员核对您的身份证件后告知/);
      assert.doesNotMatch(pages[0] ?? '', /^\d{6}$/mu);
      const path = `${at}/certificates/${encodeURIComponent(numbers[0] ?? '')}/offers`;
      const { offers } = await answer<{ offers: { id: string; code?: string }[] }>(world.call('GET', path));
      assert.deepEqual(
        offers.map(({ code }) => code),
        ['withheld'],
      );
      const told = world.call(
        'POST',
        `${at}/offers/${offers[0]?.id ?? ''}/code`,
        { identityChecked: true },
        { secret: world.secrets.approver },
      );
      const { txCode } = await answer<{ txCode: string }>(told);
      const taken = await world.wallet.take(await scan(pdf, 0, 1), txCode);
      await world.wallet.receive(taken, SD_JWT, [await world.wallet.newKey()]);
    } finally {
      await world.issuer.service.institutions.setApproval(CODE, false, 'test');
    }
  });

  it('rows are chosen; too many, none and a name no font can draw are refused before anything is offered', async () => {
    const lines = Array.from({ length: 201 }, (_, i) => line(1000 + i));
    const { id, numbers } = await issue('many', [line(999, { name: '张\u{10aff}' }), ...lines]);
    const offered = async (): Promise<number> => (await world.database.knex('credential_offers').select('id')).length;
    const before = await offered();
    assert.equal(await codeOf(slips(id)), 'SLIPS_TOO_MANY');
    assert.equal(await codeOf(slips(id, '?from=5000')), 'BATCH_NOTHING_TO_OFFER');
    assert.equal(await codeOf(slips(id, '?from=2&to=3')), 'FONT_GLYPH_MISSING');
    assert.equal(await offered(), before);
    const [first = ''] = await textsOf(await pdfOf(slips(id, '?from=3&to=7')));
    assert.ok(first.includes(numbers[1] ?? '') && !first.includes(numbers[0] ?? ''));
    assert.equal(await offered(), before + 5);
    const noted = await world.database.knex('audit_log').where({ action: 'batch.offer', subject: id }).pluck('detail');
    assert.deepEqual(noted, ['{"from":3,"to":7}']);
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { IssuedCertificateAnswer } from '../../issuer/index.js';
import { createCarrierIo } from '../../server/carrier-io.js';
import type { Problem } from '../../server/index.js';
import { readImageHeader } from '../../shared/carrier/image-header.js';
import { decodeQrText } from '../../shared/carrier/qr-text.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { watchContract } from '../server/contract.js';
import { people, sheetFile } from './batch/sheets.js';
import { pageText } from './files/page-text.js';
import { answer, CODE, EMPLOYER_CODE, exam, startWorld, type World } from './world.js';

interface Run {
  id: string;
  certificates: number;
  files: number;
  serials?: { first: string; last: string };
}

/** A red disc on nothing, as PNG in base64. */
async function disc(size = 300, format: 'png' | 'jpeg' = 'png'): Promise<string> {
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  context.fillStyle = '#d01818';
  context.arc(size / 2, size / 2, size / 2, 0, 7);
  context.fill();
  return (format === 'png' ? await canvas.encode('png') : await canvas.encode('jpeg')).toString('base64');
}

describeOnEachDatabase('issuer: what goes to paper', function (kind) {
  this.timeout(180_000);
  const base = `/institutions/${CODE}`;
  const io = createCarrierIo();
  let world: World;
  let issued: IssuedCertificateAnswer[];
  before(async () => {
    world = await startWorld({ kind });
    issued = [];
    for (const n of [1, 2, 3])
      issued.push(await answer<IssuedCertificateAnswer>(world.call('POST', `${base}/certificates`, exam(n)), 201));
  });
  after(() => world.remove());
  watchContract(() => world.listener.url);

  /** What is drawn does not depend on the database. */
  const once = kind === 'sqlite' ? it : () => undefined;
  const admin = (method: string, path: string, body?: unknown) =>
    world.call(method, base + path, body, { secret: world.secrets.admin });
  const file = async (response: Promise<Response>): Promise<Uint8Array> => {
    const got = await response;
    assert.equal(got.status, 200, got.status === 200 ? '' : await got.clone().text());
    return new Uint8Array(await got.arrayBuffer());
  };
  const own = (certificate: IssuedCertificateAnswer | undefined) =>
    `${base}/certificates/${encodeURIComponent(certificate?.id ?? '')}`;
  /** Pixels that are clearly of the seal’s red, where the seal stands. */
  const redness = async (pdf: Uint8Array): Promise<number> => {
    const { width, height, data } = await io.renderPdfPixels(pdf, 1, { dpi: 50 });
    let red = 0;
    for (let y = Math.floor(height * 0.7); y < height * 0.85; y++)
      for (let x = Math.floor(width * 0.6); x < width * 0.9; x++) {
        const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
        if (r > 180 && g < 130 && b < 130) red++;
      }
    return red;
  };

  it('an administrator chooses colours, sites and seal; certificates print with them, and the QR is still read back', async () => {
    const before = await file(world.call('GET', `${own(issued[0])}/certificate.pdf`));
    assert.equal(await redness(before), 0);
    const chosen = { accent: '#123a6b', certificateQueryUrl: 'query.example/skills', serialPrefix: 'SC-' };
    await answer(admin('PUT', '/print-layout', chosen));
    await answer(admin('PUT', '/print-layout/seal', { picture: await disc() }), 204);
    const { layout, hasSeal } = await answer<{ layout: object; hasSeal: boolean }>(admin('GET', '/print-layout'));
    assert.deepEqual([layout, hasSeal], [{ ...chosen, ornament: '#b08a3e' }, true]);
    assert.equal(readImageHeader(await file(admin('GET', '/print-layout/seal.png')))?.width, 472);
    const after = await file(world.call('GET', `${own(issued[0])}/certificate.pdf`));
    assert.ok((await redness(after)) > 300);
    const words = (await pageText(after)).map(({ text }) => text).join('');
    assert.ok(words.includes('query.example/skills') && !words.includes('jndj.osta.org.cn'));
    const other = await world.issuer.service.printLayouts.of(EMPLOYER_CODE);
    assert.deepEqual([other.hasSeal, other.layout.accent], [false, '#8e1f23'], 'another institution keeps its own');
    const actions = (await world.database
      .knex('audit_log')
      .where('action', 'like', 'print.%')
      .pluck('action')) as string[];
    assert.deepEqual(actions.sort(), ['print.layout', 'print.seal']);
    await answer(admin('DELETE', '/print-layout/seal'), 204);
    assert.equal(await redness(await file(world.call('GET', `${own(issued[0])}/certificate.pdf`))), 0);
  });

  once('refuses what could not be read on paper, and pictures that are none, by name', async () => {
    const refused = async (path: string, body: unknown): Promise<string> =>
      (await answer<Problem>(admin('PUT', path, body), 422)).code;
    assert.equal(await refused('/print-layout', { accent: '#ffe680' }), 'REQUEST_INVALID');
    assert.equal(await refused('/print-layout', { certificateQueryUrl: 'javascript:alert(1)' }), 'REQUEST_INVALID');
    const seal = '/print-layout/seal';
    assert.equal(await refused(seal, { picture: await disc(50) }), 'PICTURE_SIZE');
    const png = Buffer.from(await disc(), 'base64');
    assert.equal(await refused(seal, { picture: png.subarray(0, 200).toString('base64') }), 'PICTURE_UNREADABLE');
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(60_000, 16);
    assert.equal(await refused(seal, { picture: bomb.toString('base64') }), 'PICTURE_SIZE');
    assert.equal(
      await refused(seal, { picture: Buffer.from('<svg onload="x"/>').toString('base64') }),
      'PICTURE_UNREADABLE',
    );
    assert.equal((await world.call('PUT', `${base}/print-layout`, {})).status, 403, 'a clerk chooses nothing');
  });

  once('prints a photo on one certificate and keeps it nowhere', async () => {
    const photo = await disc(400, 'jpeg');
    const pdf = await file(world.call('POST', `${own(issued[1])}/certificate.pdf`, { photo }));
    const words = (await pageText(pdf)).map(({ text }) => text);
    assert.ok(!words.includes('照片'), 'the empty place is gone');
    const stored = (await world.database.knex('certificates').where({ id: issued[1]?.id })) as object[];
    assert.ok(!JSON.stringify(stored).includes(photo.slice(0, 60)));
    assert.ok(!world.lines.join('').includes(photo.slice(0, 60)));
  });

  once('shows a clerk and an approver how a row will print, marked as preview and without a code', async () => {
    const path = await sheetFile(join(world.folder, 'preview.csv'), people(1, 900));
    const { batches } = world.issuer.service;
    const { id } = await batches.upload({
      institution: CODE,
      actor: 'clerk',
      operation: 'issue',
      file: { path, name: 'preview.csv' },
    });
    const picture = await file(world.call('GET', `${base}/batches/${id}/rows/2/preview.png`));
    assert.equal(readImageHeader(picture)?.format, 'png');
    await assert.rejects(io.readQrImage(picture), { code: 'IMAGE_NO_QR' });
    assert.equal((await world.call('GET', `${base}/batches/${id}/rows/3/preview.png`)).status, 404);
    const { other } = world.secrets;
    const foreign = await world.call('GET', `${base}/batches/${id}/rows/2/preview.png`, undefined, { secret: other });
    assert.equal(foreign.status, 404);
    await batches.cancel(CODE, id, { actor: 'clerk' });
  });

  it('a print run puts two beside each other on A3, each with a serial of its own and a code that is theirs', async () => {
    await answer(admin('PUT', '/print-layout', { serialPrefix: 'SC-' }));
    const wanted = { certificates: issued.map(({ id }) => id), perSheet: 2 };
    const run = await answer<Run>(world.call('POST', `${base}/print-runs`, wanted), 201);
    assert.deepEqual([run.files, run.serials], [1, { first: 'SC-00000001', last: 'SC-00000003' }]);
    const pdf = await file(world.call('GET', `${base}/print-runs/${run.id}/1.pdf`));
    assert.deepEqual(pdf, await file(world.call('GET', `${base}/print-runs/${run.id}/1.pdf`)), 'again the same');
    const loading = getDocument({ data: Uint8Array.from(pdf), verbosity: 0 });
    const document = await loading.promise;
    assert.equal(document.numPages, 2);
    const { view } = await document.getPage(1);
    assert.deepEqual(
      view.map((points) => Math.round((points * 25.4) / 72)),
      [0, 0, 420, 297],
    );
    const { items } = await (await document.getPage(1)).getTextContent();
    await loading.destroy();
    const words = items.map((item) => ('str' in item ? item.str : '')).join('');
    assert.ok(words.includes('SC-00000001') && words.includes('SC-00000002') && !words.includes('SC-00000003'));
    const last = decodeQrText(await io.readQrImage(await io.renderPdfPixels(pdf, 2, { dpi: 200 })));
    assert.equal(last.credential['id'], issued[2]?.id);
    const next = await answer<Run>(world.call('POST', `${base}/print-runs`, { ...wanted, perSheet: 1 }), 201);
    assert.equal(next.serials?.first, 'SC-00000004', 'no serial twice');
    const { runs } = await answer<{ runs: Run[] }>(world.call('GET', `${base}/print-runs`));
    assert.deepEqual(new Set(runs.map(({ id }) => id)), new Set([run.id, next.id]));
  });

  it('runs that are asked for at once share no serial', async () => {
    const wanted = { certificates: [issued[0]?.id] };
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => answer<Run>(world.call('POST', `${base}/print-runs`, wanted), 201)),
    );
    assert.equal(new Set(runs.map(({ serials }) => serials?.first)).size, 8);
  });

  it('prints nothing that is not in force, also when it was when the run was planned', async () => {
    const id = issued[2]?.id ?? '';
    const run = await answer<Run>(world.call('POST', `${base}/print-runs`, { certificates: [id] }), 201);
    const suspend = { action: 'suspend', reason: 'investigation' };
    await answer(world.call('POST', `${own(issued[2])}/status`, suspend, { secret: world.secrets.approver }));
    const planned = await answer<Problem>(world.call('POST', `${base}/print-runs`, { certificates: [id] }), 409);
    assert.deepEqual([planned.code, planned.at], ['CERTIFICATE_SUSPENDED', id]);
    const drawn = await answer<Problem>(world.call('GET', `${base}/print-runs/${run.id}/1.pdf`), 409);
    assert.equal(drawn.code, 'CERTIFICATE_SUSPENDED');
    const { other } = world.secrets;
    assert.equal(
      (await world.call('GET', `${base}/print-runs/${run.id}/1.pdf`, undefined, { secret: other })).status,
      404,
    );
    const theirs = `/institutions/${EMPLOYER_CODE}/print-runs`;
    const stolen = await world.call('POST', theirs, { certificates: [issued[0]?.id] }, { secret: other });
    assert.equal(stolen.status, 404);
  });
});

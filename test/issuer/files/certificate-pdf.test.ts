import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { readPdfAttachment } from '../../../shared/carrier/pdf-attachment.js';
import { buildCredential, type CertificateCredential } from '../../../shared/certificate/credential.js';
import { KIND_IDS } from '../../../shared/certificate/kind.js';
import type { CertificateRecord } from '../../../shared/certificate/record.js';
import { renderCertificatePdf } from '../../../issuer/files/certificate-pdf.js';
import { sampleRecord } from '../../certificate/sample-records.js';
import { pageText, type TextRun } from './page-text.js';

const qr = [
  { mode: 'byte' as const, data: 'https://verify.example/#' },
  { mode: 'numeric' as const, data: '1234567890'.repeat(40) },
];

function render(record: CertificateRecord, changes: object = {}): Promise<Uint8Array> {
  const credential = {
    ...buildCredential(record),
    proof: { created: '2026-11-20T08:00:00Z' },
  } as unknown as CertificateCredential;
  return renderCertificatePdf({ credential, record, qr, verifierUrl: 'https://verify.example/', ...changes });
}

function overlaps(runs: readonly TextRun[]): string[] {
  return runs.flatMap((a, i) =>
    runs
      .slice(i + 1)
      .filter(
        (b) =>
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
          Math.min(a.top, b.top) - Math.max(a.bottom, b.bottom) > 0.5,
      )
      .map((b) => `${a.text} × ${b.text}`),
  );
}

describe('certificate as PDF', () => {
  it('shows every mandatory field of a skill level certificate on one A4 page', async () => {
    const pdf = await render(sampleRecord());
    const loading = getDocument({ data: Uint8Array.from(pdf), verbosity: 0 });
    const document = await loading.promise;
    assert.equal(document.numPages, 1);
    const view = (await document.getPage(1)).view;
    assert.deepEqual(
      view.map((points) => Math.round((points * 25.4) / 72)),
      [0, 0, 210, 297],
    );
    await loading.destroy();
    const text = (await pageText(pdf)).map((run) => run.text.replace(/\s/g, '')).join('');
    for (const wanted of [
      '职业技能等级证书',
      'Occupational Skill Level Certificate',
      '特发此证',
      '评价机构名称',
      '示例职业技能评价中心',
      '发证日期',
      '2026年11月20日',
      '姓名',
      '张伟',
      '证件类型',
      '居民身份证',
      '证件号码',
      '**************1234',
      '职业名称',
      '焊工',
      '工种/职业方向',
      '电焊工',
      '职业技能等级',
      '三级/高级工',
      'Level 3 / Senior Skilled Worker',
      '证书编号',
      'S000051000123263000045',
      '照片',
      '证书信息查询网址',
      'jndj.osta.org.cn',
      '机构信息查询网址',
      'pjjg.osta.org.cn',
      'https://verify.example/',
      '示例省人力资源和社会保障厅',
      'sichuan.example:2026-001',
    ])
      assert.ok(text.includes(wanted.replace(/\s/g, '')), `${wanted} is missing`);
  });

  it('writes -- where the occupation has no trade, never nothing', async () => {
    const { trade: _, ...occupation } = sampleRecord().occupation!;
    const runs = await pageText(await render(sampleRecord('skill-level', { occupation })));
    assert.ok(runs.some((run) => run.text === '--'));
  });

  for (const kind of KIND_IDS)
    it(`prints a ${kind} certificate without overlap, with a level only where the kind has one`, async () => {
      const record = sampleRecord(kind);
      const runs = await pageText(await render(record));
      assert.deepEqual(overlaps(runs), []);
      assert.equal(
        runs.some((run) => run.text.includes('职业技能等级') && run.top < 700),
        record.level !== undefined,
      );
    });

  it('keeps the longest texts the schema allows inside their places', async () => {
    const longest = [
      '阿卜杜热合曼'.repeat(10),
      'Wolfeschlegelsteinhausenbergerdorff'.padEnd(60, 'W'),
      '中文 Mixed-names、'.repeat(4).slice(0, 59),
    ];
    for (const text of longest) {
      const pdf = await render(
        sampleRecord('skill-level', {
          issuer: { id: 'did:web:issuer.example', name: text },
          authority: { id: 'did:web:authority.example', name: text },
          accreditation: { id: `urn:yizheng:accreditation:${'a1-'.repeat(58)}` },
          holder: { ...sampleRecord().holder, name: text },
          occupation: { ...sampleRecord().occupation, name: text.slice(0, 40), trade: text.slice(0, 40) },
          expiresOn: '2030-11-20',
        }),
      );
      const runs = await pageText(pdf);
      assert.deepEqual(overlaps(runs), []);
      for (const run of runs) {
        assert.ok(run.left > 40 && run.right < 555, `${run.text} leaves the frame`);
      }
      assert.ok(
        runs
          .map((run) => run.text)
          .join('')
          .replace(/\s/g, '')
          .includes(text.slice(0, 8).replace(/\s/g, '')),
      );
    }
  });

  it('refuses a character the font cannot draw, naming field and character', async () => {
    await assert.rejects(
      render(sampleRecord('skill-level', { holder: { ...sampleRecord().holder, name: '张\u{1F468}' } })),
      { code: 'FONT_GLYPH_MISSING', at: 'name', message: /U\+1F468.*name/ },
    );
  });

  it('draws a watermark only for a demonstration issuer', async () => {
    const watermark = async (name: string): Promise<boolean> => {
      const pdf = await render(sampleRecord('skill-level', { issuer: { id: 'did:web:issuer.example', name } }));
      const loading = getDocument({ data: Uint8Array.from(pdf), verbosity: 0 });
      const { items } = await (await (await loading.promise).getPage(1)).getTextContent();
      await loading.destroy();
      return items.some((item) => 'str' in item && item.str.includes('DEMO'));
    };
    assert.equal(await watermark('示例评价中心'), true);
    assert.equal(await watermark('蓉城评价中心'), false);
  });

  it('embeds the credential byte for byte and holds no script, action or link', async () => {
    const record = sampleRecord();
    const pdf = await render(record);
    const expected = JSON.stringify({ ...buildCredential(record), proof: { created: '2026-11-20T08:00:00Z' } });
    assert.equal(await readPdfAttachment(pdf), expected);
    const raw = Buffer.from(pdf).toString('latin1');
    for (const name of ['/JS', '/JavaScript', '/AA', '/OpenAction', '/Launch', '/URI'])
      assert.ok(!new RegExp(`${name}\\b`).test(raw), `${name} found`);
    assert.match(raw, /\/Lang \(zh-CN\)/);
    assert.match(raw, /pdfaid:part>3</);
  });

  it('gives the same bytes for the same certificate', async () => {
    const record = sampleRecord();
    assert.deepEqual(await render(record), await render(record));
  });

  it('refuses to print a symbol whose modules would be too small', async () => {
    await assert.rejects(render(sampleRecord(), { qr: [{ mode: 'numeric', data: '7'.repeat(5500) }] }), {
      code: 'QR_TOO_LARGE_FOR_PRINT',
    });
    await assert.rejects(render(sampleRecord(), { qr: [{ mode: 'numeric', data: '7'.repeat(9000) }] }), {
      code: 'QR_TOO_LARGE',
    });
  });

  it('takes hostile but printable names as plain text', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '(]>>endobj',
          '\\)Tj ET',
          '<script>alert(1)</script>',
          '%PDF-1.4 /JS',
          "Robert'); DROP",
          '${1+1}',
        ),
        async (name) => {
          const runs = await pageText(
            await render(sampleRecord('skill-level', { holder: { ...sampleRecord().holder, name } })),
          );
          assert.ok(runs.some((run) => run.text === name));
        },
      ),
      { numRuns: 6 },
    );
  });
});

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keystore } from '../keys/keystore.js';
import type { CertificateJob } from '../keys/bulk-signer.js';
import { createSigningPool } from '../keys/signing-pool.js';
import { nodeProofPrimitives } from '../keys/signing-primitives.js';
import { loadNativeEd25519, openssl } from '../keys/signing/native-ed25519.js';
import { sha256 } from '../keys/signing/sha256.js';
import { buildCredential } from '../shared/certificate/credential.js';
import { OCCUPATIONS } from '../shared/certificate/occupation-data.js';
import { parseCertificateRecord, type CertificateRecord } from '../shared/certificate/record.js';
import { CertificateTextSigner } from '../shared/proof/compiled/certificate-text-signer.js';
import { deriveTemplates } from '../shared/proof/compiled/derive-templates.js';
import { compiledEddsaRdfc2022 } from '../shared/proof/compiled-eddsa-rdfc-2022.js';
import { eddsaRdfc2022 } from '../shared/proof/eddsa-rdfc-2022.js';
import type { VerificationKey } from '../shared/proof/types.js';
import { plansOf } from '../test/keys/plans.js';
import { library } from './library.js';
import { each, interleave, type Measured, type Work } from './measure.js';
import { assertTrue, raw } from './raw-ed25519.js';
import { measureSheets, PATIENCE_SECONDS, perSecondOf, reportSheets, sheetRate, type Sheets } from './sheets.js';

const ISSUER = 'did:web:issuer.example:institutions:S000051000123';
const CREATED = '2026-11-20T08:30:00Z';
const NOW = '2026-11-20T08:00:00Z';
const OURS = 2000;
/** Certificates the library signs and verifies in a round, and ours verifies as often as it takes: few, so that they are at hand for both. */
const LIBRARY = 100;
/** Load average above which two processors are shared with others. */
const BUSY = 2.5;
const PROVINCE = 7_000_000;

await main();

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-bench-'));
  try {
    await measureAll(await signingKey(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll({ keystore, key }: { keystore: Keystore; key: VerificationKey }): Promise<void> {
  const native = await loadNativeEd25519();
  const records = Array.from({ length: OURS }, (_, i) => examResult(i));
  const pool = createSigningPool({ keystore, keyId: key.id, threads: 2 });
  const signer = keystore.signer(key.id);
  const unsigned = records.map(buildCredential);
  const suite = compiledEddsaRdfc2022(await nodeProofPrimitives());
  const compared = unsigned.slice(0, LIBRARY);
  const verified = await Promise.all(
    compared.map((one, i) => suite.sign(one, { signer, created: CREATED.replace('30:00', minuteAndSecond(i)) })),
  );
  const { privateKey } = generateKeyPairSync('ed25519');
  const texts = new CertificateTextSigner({
    keyId: key.id,
    sha256,
    sign: native.signerOf(privateKey),
    derive: deriveTemplates,
    general: () => Promise.resolve(suite),
  });

  const works: Record<string, Work> = {
    ...raw('openssl', openssl),
    ...(native.library === 'libsodium' ? raw('libsodium', native) : {}),
    memory1: each(records, (record) => texts.signBytes(record, CREATED)),
    memory2: {
      count: records.length * 4,
      run: async () => {
        await pool.sign([records, records, records, records].flat(), CREATED);
      },
    },
    made2: {
      count: records.length,
      run: async () => {
        await pool.make(jobOf(records));
      },
    },
    verify: each(
      Array.from({ length: OURS }, (_, i) => verified[i % LIBRARY] ?? {}),
      (one) => suite.verifySignature(one, key).then(assertTrue),
    ),
    generalSign: each(compared, (one) => eddsaRdfc2022.sign(one, { signer, created: CREATED })),
    generalVerify: each(verified, (one) => eddsaRdfc2022.verifySignature(one, key).then(assertTrue)),
    ...(await library(compared, ISSUER, CREATED)),
  };
  const rates = await interleave(works);
  await pool.close();
  report(rates, await measureSheets(native));
}

/** The same records as a batch has them made: with QR text and digest, every signature checked. */
function jobOf(records: readonly CertificateRecord[]): CertificateJob {
  const under: CertificateJob['under'][number][] = [];
  const certificates = records.map(
    ({ certificateNumber, revision, issuedOn, status, issuer, authority, accreditation, ...draft }) => {
      if (under.length === 0) under.push({ issuer, authority, accreditation });
      return { draft: JSON.stringify(draft), number: certificateNumber, revision, issuedOn, under: 0, ...status };
    },
  );
  return { created: CREATED, verifierUrl: 'https://verify.example/', under, certificates: plansOf(certificates) };
}

function report(measured: ReadonlyMap<string, Measured>, sheets: Sheets): void {
  const rate = (name: string): number => measured.get(name)?.perSecond ?? 0;
  const cpu = (name: string): number => measured.get(name)?.cpuMicroseconds ?? 0;
  const fastest = (what: string): string =>
    rate(`libsodium ${what}`) > rate(`openssl ${what}`) ? `libsodium ${what}` : `openssl ${what}`;
  const rawSign = fastest('sign');
  const rawVerify = fastest('verify');
  const row = (label: string, name: string, ...against: [string, string][]): void => {
    if (!measured.has(name)) return;
    const ratios = against.map(
      ([other, sign]) =>
        `${(rate(name) / rate(other)).toFixed(2)} ${sign} on the clock, ${(cpu(other) / cpu(name)).toFixed(2)} in processor time`,
    );
    console.log(
      `${label.padEnd(44)}${rate(name).toFixed(0).padStart(8)}/s${cpu(name).toFixed(0).padStart(7)} µs   ${ratios.join('; ')}`,
    );
  };

  const [load = 0] = loadavg();
  console.log(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${load.toFixed(1)}`);
  if (load > BUSY) console.log('! other programs keep this machine busy: look at the ratios, not at the rates');
  console.log('\nissue');
  row('(a) raw Ed25519 signature, OpenSSL', 'openssl sign');
  row('(a) raw Ed25519 signature, libsodium', 'libsodium sign');
  row('(b) record → signed certificate, one core', 'memory1', [rawSign, 'of (a)'], ['librarySign', '× (d)']);
  row('(b) the same in a pool of two threads', 'memory2', [rawSign, 'of (a)']);
  row('    and with QR text, every signature checked', 'made2', [rawSign, 'of (a)']);
  row('    our general path, through the library', 'generalSign', ['librarySign', '× (d)']);
  row('(d) @digitalbazaar/vc', 'librarySign');
  reportSheets('(c) sheet → durable rows, two cores, SQLite', sheets.sqlite);
  reportSheets('(c) sheet → durable rows, two cores, PostgreSQL', sheets.postgres);
  console.log('\nverify');
  row('(a) raw Ed25519 verification, OpenSSL', 'openssl verify');
  row('(a) raw Ed25519 verification, libsodium', 'libsodium verify');
  row('(b) proof of a certificate, one core', 'verify', [rawVerify, 'of (a)'], ['libraryVerify', '× (d)']);
  row('    our general path, through the library', 'generalVerify', ['libraryVerify', '× (d)']);
  row('(d) @digitalbazaar/vc', 'libraryVerify');
  console.log('');
  for (const [many, run] of sheets.memory)
    console.log(
      run
        ? `sheet of ${many} rows on SQLite: ${perSecondOf(run).toFixed(0)}/s, peak memory of the process ${run.peakRssMiB} MiB`
        : `sheet of ${many} rows: not run, it would take more than ${PATIENCE_SECONDS} s here; --full runs it`,
    );
  const minutes = (perSecond: number): string => (PROVINCE / perSecond / 60).toFixed(1);
  console.log(
    `7,000,000 certificates: ${minutes(sheetRate(sheets.sqlite))} min on SQLite, ${minutes(sheetRate(sheets.postgres))} min on PostgreSQL; ` +
      `signing alone, two threads: ${minutes(rate('memory2'))} min\n`,
  );
  const whole = (name: string): number => Math.round(rate(name));
  console.log(
    JSON.stringify({
      rawSign: whole(rawSign),
      memory1: whole('memory1'),
      memory2: whole('memory2'),
      sqlite: Math.round(sheetRate(sheets.sqlite)),
      postgres: Math.round(sheetRate(sheets.postgres)),
      librarySign: whole('librarySign'),
      rawVerify: whole(rawVerify),
      verify: whole('verify'),
      libraryVerify: whole('libraryVerify'),
      peakRssMiB: Object.fromEntries([...sheets.memory].map(([many, run]) => [many, run?.peakRssMiB ?? null])),
    }),
  );
}

async function signingKey(folder: string): Promise<{ keystore: Keystore; key: VerificationKey }> {
  const keystore = await Keystore.create(join(folder, 'keys.json'), randomBytes(12).toString('hex'), { now: NOW });
  const key = await keystore.createKey({ controller: ISSUER, purpose: 'assertion', now: NOW });
  return { keystore, key };
}

/** One row of an exam weekend: other people, numbers, occupations, levels and scores. */
function examResult(i: number): CertificateRecord {
  const names = ['张伟', '王秀英', '欧阳建国', '阿卜杜热合曼·买买提', '李娜', '扎西顿珠'];
  const occupation = OCCUPATIONS[i % 20];
  const level = String(1 + (i % 5));
  const serial = String((i % 999_999) + 1).padStart(6, '0');
  return parseCertificateRecord({
    kind: 'skill-level',
    certificateNumber: `S00005100012326${level}${serial}`,
    revision: 1,
    issuer: { id: ISSUER, name: '示例职业技能评价中心' },
    authority: { id: 'did:web:sichuan.example', name: '示例省人力资源和社会保障厅' },
    accreditation: { id: 'urn:yizheng:accreditation:sichuan.example:2026-001' },
    issuedOn: '2026-11-20',
    holder: {
      name: `${names[i % names.length] ?? ''}${i % 7 === 0 ? '甲' : ''}`,
      identityDocumentType: 'resident-identity-card',
      identityDocumentLastFour: serial.slice(-4),
    },
    occupation: {
      code: occupation?.code,
      catalogueEdition: occupation?.edition,
      name: occupation?.name,
    },
    level: { framework: 'cn-skill-5', value: level },
    assessment: {
      id: `2026-PJ-${String(i % 40).padStart(4, '0')}`,
      method: 'examination',
      standard: `GZB ${occupation?.code ?? ''}-2018`,
      standardType: 'national',
      date: '2026-11-15',
      theoryScore: String(60 + (i % 40)),
      practicalScore: `${String(60 + (i % 37))}.5`,
    },
    status: { list: 1 + Math.floor(i / 131_072), index: i % 131_072 },
  });
}

function minuteAndSecond(i: number): string {
  return `${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
}

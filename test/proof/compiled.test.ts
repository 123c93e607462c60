import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import fc from 'fast-check';
import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../../shared/certificate/context.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import type { JsonObject, JsonValue } from '../../shared/json/parse-json.js';
import { CertificateHasher, type ProofConfig } from '../../shared/proof/compiled/certificate-hasher.js';
import { CERTIFICATE_SHAPE } from '../../shared/proof/compiled/certificate-shape.js';
import { CertificateTextSigner } from '../../shared/proof/compiled/certificate-text-signer.js';
import { RecordMatcher } from '../../shared/proof/compiled/record-matcher.js';
import { matchShape, type Shape } from '../../shared/proof/compiled/shape.js';
import { decodeSignature, encodeSignature, writeSignature } from '../../shared/did/signature-base58.js';
import { deriveTemplates } from '../../shared/proof/compiled/derive-templates.js';
import { compiledEddsaRdfc2022 } from '../../shared/proof/compiled-eddsa-rdfc-2022.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { ProofSuite } from '../../shared/proof/types.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { anyCertificate, anyRecord, drawFrom, hostileText, type Draw } from './compiled-documents.js';
import { handmadeNQuads, libraryNQuads } from './compiled-reference.js';
import { inOneThread } from './in-one-thread.js';
import { testKey } from './keys.js';
import { libraryVerifies } from './plain-library.js';

const { signer, key } = testKey(ISSUER, 1);
const created = '2026-11-20T08:30:00Z';
const proof: ProofConfig = {
  type: 'DataIntegrityProof',
  created,
  verificationMethod: key.id,
  cryptosuite: 'eddsa-rdfc-2022',
  proofPurpose: 'assertionMethod',
};
const noGeneralPath: ProofSuite = {
  cryptosuite: 'eddsa-rdfc-2022',
  sign: () => Promise.reject(new Error('the general path was taken to sign')),
  verifySignature: () => Promise.reject(new Error('the general path was taken to verify')),
};
const compiledOnly = compiledEddsaRdfc2022({ general: noGeneralPath });
const compiled = compiledEddsaRdfc2022();

/** Hashes certificates and keeps the N-Quads that were hashed. */
function listeningHasher() {
  let last = '';
  const hasher = new CertificateHasher((bytes) => {
    last = new TextDecoder().decode(bytes);
    return createHash('sha256').update(bytes).digest();
  }, deriveTemplates);
  return async (document: object): Promise<{ nQuads: string; hash: string }> => {
    let hashed = hasher.hash(document, proof);
    if (hashed === 'template-missing' && (await hasher.learn(document, proof))) {
      hasher.hash(document, proof);
      hashed = hasher.hash(document, proof);
    }
    if (typeof hashed === 'string') assert.fail(`not compiled: ${hashed}`);
    assert.equal(`${hashed.openJson()}}`, JSON.stringify(document));
    return { nQuads: last, hash: Buffer.from(hashed.bytes.subarray(32)).toString('hex') };
  };
}

async function assertSameAsReference(
  { count, shapes, seed }: { count: number; shapes: number; seed: number },
  reference: (document: object) => Promise<string>,
): Promise<void> {
  const draw = drawFrom(seed);
  const hashed = listeningHasher();
  for (let i = 0; i < count; i++) {
    const document = anyCertificate(draw, shapes);
    const expected = await reference(document);
    const { nQuads, hash } = await hashed(document);
    if (nQuads !== expected) assert.equal(nQuads, expected, JSON.stringify(document));
    assert.equal(hash, createHash('sha256').update(expected, 'utf8').digest('hex'));
  }
}

describe('compiled eddsa-rdfc-2022', () => {
  for (const kind of KIND_IDS)
    it(`signs a ${kind} certificate without the general path, to the same bytes, and verifies it`, async () => {
      const unsigned = buildCredential(sampleRecord(kind));
      const signed = await compiledOnly.sign(unsigned, { signer, created });
      assert.equal(JSON.stringify(signed), JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer, created })));
      assert.equal(await compiledOnly.verifySignature(signed, key), true);
    });

  it('canonicalises and hashes 300 random certificates in 300 shapes with any text as jsonld and rdf-canonize do', () =>
    assertSameAsReference({ count: 300, shapes: 1_000_000, seed: 1 }, libraryNQuads));

  it('is held to the right RDF: the handmade one is that of jsonld', async () => {
    const draw = drawFrom(2);
    for (let i = 0; i < 150; i++) {
      const document = anyCertificate(draw, 1_000_000);
      assert.equal(await handmadeNQuads(document), await libraryNQuads(document));
    }
  });

  it('gives 2,000 random certificates the N-Quads and hashes of rdf-canonize', () =>
    assertSameAsReference({ count: 2_000, shapes: 100, seed: 3 }, handmadeNQuads));

  it('gives 100,000 random certificates the N-Quads and hashes of rdf-canonize @slow', function () {
    this.timeout(600_000);
    return assertSameAsReference({ count: 100_000, shapes: 100, seed: 4 }, handmadeNQuads);
  });

  it('reads out of 20,000 random records exactly what their credentials say, and leaves what is unusual to be looked at', () => {
    const matcher = new RecordMatcher();
    const few = (draw: Draw): string => `甲${String(draw(3))}/A-${String(draw(2))}`;
    for (const [seed, write] of [few, hostileText].entries()) {
      const draw = drawFrom(seed);
      let taken = 0;
      for (let i = 0; i < 10_000; i++) {
        const record = anyRecord(draw, 1_000_000, write);
        const match = matcher.match(record);
        if (!match) continue;
        taken++;
        assert.deepEqual(match, matchShape(buildCredential(record), CERTIFICATE_SHAPE), JSON.stringify(record));
      }
      if (write === few) assert.equal(taken, 10_000);
      else assert.ok(taken < 100, `${String(taken)} records with texts to escape were taken`);
    }
  });

  it('matches a document as if it were the first, whatever was matched before it', () => {
    const plain = buildCredential(sampleRecord());
    const named = (name: string): object => ({
      ...plain,
      credentialSubject: { ...plain.credentialSubject, name },
    });
    const issued = (validFrom: string): object => ({ ...plain, validFrom });
    const by = (id: string): object => ({ ...plain, issuer: { ...plain.issuer, id } });
    const documents: unknown[] = [
      plain,
      ...['', '张伟', 'a"b', '𠮷', '\ud800', '张伟', 'a\nb'].map(named),
      ...['2026-11-20T00:00:00+08:00', '2026-11-20', '', '2026-11-20T00:00:00Z'].map(issued),
      ...[ISSUER, `${ISSUER} `, 'https://issuer.example', 'did:web:', `${ISSUER}:a`, ''].map(by),
    ];
    for (const before of documents)
      for (const document of documents) {
        matchShape(before, CERTIFICATE_SHAPE);
        const fresh = structuredClone(CERTIFICATE_SHAPE);
        assert.deepEqual(
          matchShape(document, CERTIFICATE_SHAPE),
          matchShape(document, fresh),
          JSON.stringify(document),
        );
      }
  });

  it('takes no record of which a value has another form than its member allows', () => {
    const matcher = new RecordMatcher();
    const good = sampleRecord();
    assert.ok(matcher.match(good));
    for (const wrong of [
      { ...good, issuedOn: '2026-13-01' },
      { ...good, issuer: { ...good.issuer, name: 'a"b' } },
      { ...good, holder: { ...good.holder, name: '\ud800' } },
      { ...good, holder: { ...good.holder, id: 'did:web:a.example' } },
      { ...good, authority: { ...good.authority, id: 'did:example:a' } },
      { ...good, level: { framework: 'cn-skill-5', value: 'none' } },
      { ...good, supersedes: 'urn:other:1' },
      { ...good, revision: 1.5 },
      { ...good, training: { title: '培训', hours: 0 } },
    ] as (typeof good)[])
      assert.equal(matcher.match(wrong), undefined, JSON.stringify(wrong));
    assert.ok(matcher.match(good));
  });

  it('writes the text of certificates whose values change in length, in turn, as JSON and suite do', async () => {
    const secret = new Uint8Array(32).fill(1);
    const texts = new CertificateTextSigner({
      ...inOneThread,
      keyId: key.id,
      sha256: (bytes) => createHash('sha256').update(bytes).digest(),
      sign: (bytes) => ed25519.sign(bytes, secret),
    });
    const draw = drawFrom(9);
    for (let i = 0; i < 120; i++) {
      const write = i % 3 === 0 ? hostileText : (turn: Draw): string => '例a'.repeat(1 + turn(20));
      const record = { ...anyRecord(draw, 3, write), issuer: { id: ISSUER, name: '示例' } };
      const signed = await compiledOnly.sign(buildCredential(record), { signer, created });
      assert.equal(await texts.sign(record, created), JSON.stringify(signed));
      const { json, signature } = await texts.signBytes(record, created);
      assert.equal(new TextDecoder().decode(json), JSON.stringify(signed));
      assert.equal(`z${base58.encode(signature)}`, (signed.proof as { proofValue: string }).proofValue);
    }
  });

  it('makes proofs that @digitalbazaar/vc verifies and makes itself, whatever a certificate says', async () => {
    const draw = drawFrom(5);
    for (let i = 0; i < 40; i++) {
      const unsigned = { ...anyCertificate(draw, 20), issuer: { id: ISSUER, name: '示例"评价\\中心' } };
      const signed = await compiledOnly.sign(unsigned, { signer, created });
      assert.equal(await compiledOnly.verifySignature(signed, key), true);
      assert.equal(await libraryVerifies(signed, [key], { now: signed.validFrom }), true);
      assert.equal(JSON.stringify(signed), JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer, created })));
    }
  });

  it('judges 200 changed certificates as the general path does, and refuses every changed value', async () => {
    const draw = drawFrom(6);
    let refused = 0;
    for (let i = 0; i < 200; i++) {
      const unsigned = { ...anyCertificate(draw, 20), issuer: { id: ISSUER, name: '示例' } };
      const mutant = JSON.parse(JSON.stringify(await compiledOnly.sign(unsigned, { signer, created }))) as JsonObject;
      const change = mutate(mutant, draw);
      const verdict = await compiled.verifySignature(mutant, key);
      assert.equal(verdict, await eddsaRdfc2022.verifySignature(mutant, key), `${change}: ${JSON.stringify(mutant)}`);
      if (change !== 'order') assert.equal(verdict, false, `${change}: ${JSON.stringify(mutant)}`);
      refused += verdict ? 0 : 1;
    }
    assert.ok(refused > 150 && refused < 200, `${String(refused)} refused`);
  });

  it('accepts what the general path accepts of another key, controller or issuer: nothing', async () => {
    const signed = await compiledOnly.sign(buildCredential(sampleRecord()), { signer, created });
    const other = testKey(ISSUER, 2).key;
    const elsewhere = 'did:web:evil.example';
    for (const wrong of [
      other,
      { ...other, id: key.id },
      { ...key, controller: elsewhere },
      { ...key, controller: elsewhere, id: `${elsewhere}#1` },
      { ...key, publicKeyMultibase: 'zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv' },
      { ...key, publicKeyMultibase: 'nonsense' },
    ]) {
      assert.equal(await compiled.verifySignature(signed, wrong), false);
      assert.equal(await eddsaRdfc2022.verifySignature(signed, wrong), false);
    }
    const foreign = { ...signed, issuer: { ...signed.issuer, id: elsewhere } };
    assert.equal(await compiled.verifySignature(foreign, key), false);
  });

  it('leaves everything that is not exactly a certificate to the general path', async () => {
    const taken: object[] = [];
    const suite = compiledEddsaRdfc2022({
      general: {
        ...noGeneralPath,
        sign: (unsigned) => {
          taken.push(unsigned);
          return Promise.resolve({ ...unsigned, proof: {} });
        },
      },
    });
    const base = buildCredential(sampleRecord('training-completion'));
    const { id, ...withoutId } = base;
    const subject = base.credentialSubject;
    const [revocation, suspension] = base.credentialStatus;
    const others: object[] = [
      { ...withoutId, id },
      { ...base, grade: 'A' },
      { ...base, '@context': [CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL] },
      { ...base, '@context': [CREDENTIALS_V2_URL] },
      { ...base, type: ['VerifiableCredential'] },
      { ...base, type: ['VerifiableCredential', 'Diploma'] },
      { ...base, issuer: base.issuer.id },
      { ...base, validFrom: '2026-11-20' },
      { ...base, validUntil: undefined },
      { ...base, id: 'urn:uuid:5a0a0a61-6a0b-4a38-b3b3-b0b6a6e0a111' },
      { ...base, id: 'urn:yizheng:certificate:a b' },
      { ...base, credentialStatus: [suspension, revocation] },
      { ...base, credentialStatus: revocation },
      { ...base, credentialSubject: { ...subject, trainingHours: '120' } },
      { ...base, credentialSubject: { ...subject, trainingHours: 1.5 } },
      { ...base, credentialSubject: { ...subject, name: ['张伟', '王伟'] } },
      { ...base, credentialSubject: { ...subject, name: { '@value': '张伟', '@language': 'zh' } } },
      { ...base, credentialSubject: { id: ISSUER, ...subject } },
      { ...base, credentialSubject: { id: 'did:web:holder.example', ...subject } },
      { ...base, proof: {} },
    ];
    for (const other of others) await suite.sign(other, { signer, created });
    assert.deepEqual(taken, others);
    await suite.sign(base, { signer: { ...signer, id: 'key 1' }, created });
    assert.equal(taken.length, others.length + 1);
  });

  it('reads a signed certificate in place, as it reads it without its proof, and looks at nothing that is not its own', async () => {
    const draw = drawFrom(7);
    for (let i = 0; i < 200; i++) {
      const unsigned = anyCertificate(draw, 1_000_000);
      const match = matchShape(unsigned, CERTIFICATE_SHAPE);
      assert.ok(match);
      const beside: unknown[] = [{ ...unsigned, proof: {} }, { ...unsigned, proof: undefined }, unsigned];
      for (const one of beside) assert.deepEqual(matchShape(one, CERTIFICATE_SHAPE, 'proof'), match);
      const others: unknown[] = [
        { proof: {}, ...unsigned },
        { ...unsigned, proof: {}, other: 1 },
        { ...unsigned, other: 1 },
        Object.create(unsigned),
        Object.assign(Object.create({ proof: {} }) as object, unsigned),
        { ...unsigned, issuer: Object.create(unsigned.issuer) as object },
      ];
      for (const other of others) assert.equal(matchShape(other, CERTIFICATE_SHAPE, 'proof'), undefined);
      assert.equal(matchShape({ ...unsigned, proof: {} }, CERTIFICATE_SHAPE), undefined);
    }
    const { proof: own, ...rest } = await compiledOnly.sign(buildCredential(sampleRecord()), { signer, created });
    assert.equal(await compiled.verifySignature({ proof: own, ...rest }, key), true, 'on the general path');
    assert.equal(await compiledOnly.verifySignature({ ...rest, proof: own }, key), true);
  });

  it('refuses at signing what the general path refuses', async () => {
    const unsigned = buildCredential(sampleRecord());
    for (const wrong of ['2026-11-20T08:30:00.5Z', '2026-11-20T16:30:00+08:00', '2026-13-20T08:30:00Z', 'now'])
      await assert.rejects(compiled.sign(unsigned, { signer, created: wrong }), { code: 'PROOF_CREATED_FORMAT' });
    const once = await compiled.sign(unsigned, { signer, created });
    await assert.rejects(compiled.sign(once, { signer, created }), { code: 'PROOF_EXISTS' });
    await assert.rejects(compiled.sign({ ...unsigned, grade: 'A' }, { signer, created }));
    const ended = { ...unsigned, validUntil: '2020-01-01T23:59:59+08:00' };
    const backwards = await compiled.sign(ended, { signer, created });
    assert.equal(await eddsaRdfc2022.verifySignature(backwards, key), false);
    assert.equal(await compiled.verifySignature(backwards, key), false);
  });

  it('neither signs nor believes half a character, which the general path takes for U+FFFD', async () => {
    const named = (name: string) => {
      const base = buildCredential(sampleRecord());
      return { ...base, credentialSubject: { ...base.credentialSubject, name } };
    };
    const { proof: bare } = await eddsaRdfc2022.sign(named('张\ufffd'), { signer, created });
    const replaced = { ...named('张\ud800'), proof: bare };
    assert.equal(await eddsaRdfc2022.verifySignature(replaced, key), true, 'two texts, one signature');
    assert.equal(await compiled.verifySignature(replaced, key), false);
    for (const name of ['张\ud800', '\udc00', 'a\udc00\ud800b'])
      await assert.rejects(compiled.sign(named(name), { signer, created }), { code: 'JSON_LONE_SURROGATE' });
    const otherShape = { ...named('x'), name: '\ud800', description: 'on the general path' };
    await assert.rejects(compiled.sign(otherShape, { signer, created }), { code: 'JSON_LONE_SURROGATE' });
  });

  it('learns one shape once when many certificates of it come at the same time', async () => {
    const suite = compiledEddsaRdfc2022({ general: noGeneralPath });
    const unsigned = buildCredential(sampleRecord('appointment'));
    const signed = await Promise.all(Array.from({ length: 50 }, () => suite.sign(unsigned, { signer, created })));
    assert.equal(new Set(signed.map((one) => JSON.stringify(one))).size, 1);
  });
});

describe('deriving a template', () => {
  const node = (id: string): JsonObject => ({ id, name: 'x' });
  const document = (first: string, second: string): JsonObject => ({
    '@context': [CREDENTIALS_V2_URL, CERTIFICATE_CONTEXT_URL],
    id: 'urn:a:1',
    occupation: node(first),
    level: node(second),
  });
  const shape = (first: string, second: string): Shape => [
    { name: '@context', is: 'list', values: [CREDENTIALS_V2_URL, CERTIFICATE_CONTEXT_URL] },
    { name: 'id', is: 'iri', prefixes: ['urn:a:'] },
    { name: 'occupation', is: 'node', members: named(first) },
    { name: 'level', is: 'node', members: named(second) },
  ];
  const named = (prefix: string): Shape => [
    { name: 'id', is: 'iri', prefixes: [prefix] },
    { name: 'name', is: 'literal' },
  ];

  it('works when the ids of all nodes begin differently', async () => {
    assert.ok(await deriveTemplates(document('urn:b:1', 'urn:c:1'), shape('urn:b:', 'urn:c:')));
  });

  it('is refused when two nodes share a beginning, because then values decide the order of lines', async () => {
    assert.equal(await deriveTemplates(document('urn:b:1', 'urn:b:2'), shape('urn:b:', 'urn:b:')), undefined);
  });

  it('is refused when a value would not be signed at all', async () => {
    const annotated = { ...document('urn:b:1', 'urn:c:1'), '@index': 'x' };
    const withIndex: Shape = [...shape('urn:b:', 'urn:c:'), { name: '@index', is: 'literal' }];
    assert.equal(await deriveTemplates(annotated, withIndex), undefined);
  });

  it('needs no order of values: no id of a certificate begins like another', () => {
    const prefixes: string[] = [];
    const collect = (members: Shape): void => {
      for (const member of members) {
        if (member.is === 'iri' && member.name === 'id') prefixes.push(...member.prefixes);
        if (member.is === 'node') collect(member.members);
        if (member.is === 'nodes') member.items.forEach(collect);
      }
    };
    collect(CERTIFICATE_SHAPE);
    assert.ok(prefixes.length > 10);
    for (const [i, one] of prefixes.entries())
      for (const [j, other] of prefixes.entries()) assert.ok(i === j || !other.startsWith(one), `${one} ${other}`);
  });
});

describe('base58 of a signature', () => {
  const signatures = fc.oneof(
    fc.uint8Array({ minLength: 64, maxLength: 64 }),
    fc.nat(64).chain((zeros) =>
      fc.uint8Array({ minLength: 64 - zeros, maxLength: 64 - zeros }).map((rest) => {
        const bytes = new Uint8Array(64);
        bytes.set(rest, zeros);
        return bytes;
      }),
    ),
    fc.constantFrom(0, 1, 255).map((byte) => new Uint8Array(64).fill(byte)),
  );

  it('writes what @scure/base writes and reads it back', () => {
    fc.assert(
      fc.property(signatures, (bytes) => {
        const text = base58.encode(bytes);
        assert.equal(encodeSignature(bytes), text);
        const room = new Uint8Array(100).fill(7);
        const end = writeSignature(bytes, room, 5);
        assert.equal(new TextDecoder().decode(room.subarray(5, end)), text);
        assert.deepEqual([room[4], room[93]], [7, 7]);
        assert.deepEqual(decodeSignature(text), bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads nothing else: other lengths, other characters, more than 64 bytes', () => {
    for (const length of [0, 1, 32, 63, 65, 66, 100])
      assert.equal(decodeSignature(base58.encode(new Uint8Array(length).fill(200))), undefined, String(length));
    const text = base58.encode(new Uint8Array(64).fill(200));
    for (const wrong of [`1${text}`, `${text}1`, `${text.slice(0, -1)}0`, `${text.slice(0, -1)}中`, 'z'.repeat(88)])
      assert.equal(decodeSignature(wrong), undefined, wrong);
    assert.throws(() => encodeSignature(new Uint8Array(63)), RangeError);
  });
});

/** Changes one thing somewhere in a signed certificate and says what. */
function mutate(document: JsonObject, draw: (bound: number) => number): string {
  const places: [JsonObject, string][] = [];
  const collect = (value: JsonValue): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) {
        places.push([value, name]);
        collect(member);
      }
  };
  collect(document);
  const [node, name] = places[draw(places.length)]!;
  const value = node[name]!;
  if (draw(8) === 0) {
    const members = Object.entries(document).reverse();
    for (const [member] of members) Reflect.deleteProperty(document, member);
    Object.assign(document, Object.fromEntries(members));
    return 'order';
  }
  if (typeof value === 'number') node[name] = value + 1;
  else if (typeof value === 'string') node[name] = `${value.slice(0, -1)}${value.endsWith('7') ? '8' : '7'}`;
  else if (draw(2) === 0) Reflect.deleteProperty(node, name);
  else node[name] = [value, value].flat().length > 2 ? ['urn:x:y'] : 'urn:x:y';
  return name;
}

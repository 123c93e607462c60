import assert from 'node:assert/strict';
import { encodeMultikey } from '../../shared/did/multikey.js';
import { signCompactJws } from '../../shared/proof/jose/sign-compact-jws.js';
import { presentSdJwt } from '../../shared/proof/forms/present-sd-jwt.js';
import { sdDigest } from '../../shared/proof/sd-jwt/open-sd-jwt.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';
import { ask, holderKey, issuerKey, secured, withPayload } from './world.js';

const COMPACT = ['vc+jwt', 'jwt_vc_json', 'dc+sd-jwt'] as const;

/** The verdict must refuse, say why, and judge nothing else. */
async function refusal(text: string): Promise<string> {
  const verdict = await ask(text);
  const { headline, questions, certificate } = verdict;
  for (const language of ['zh-CN', 'en'] as const)
    assert.match(
      verdictText(verdict, language).questions[0]?.sentence ?? '',
      language === 'en' ? / \w+ / : /\p{Script=Han}/u,
    );
  assert.equal(questions.authorised.code, 'NOT_CHECKED');
  assert.equal(certificate, undefined);
  assert.equal(headline, 'refused');
  return questions.authentic.code;
}

const decoded = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Changes the header of the issuer-signed JWT, leaving its signature. */
function withHeader(text: string, changes: object): string {
  const [header = '', ...rest] = text.split('.');
  return [encoded({ ...decoded(header), ...changes }), ...rest].join('.');
}

/** Signs other claims with the issuer's own key: only the reading side can notice. */
async function signedAnew(
  text: string,
  change: (claims: Record<string, unknown>) => object,
  header: object = {},
): Promise<string> {
  const [jwt = '', ...disclosures] = text.split('~');
  const [oldHeader, payload] = jwt.split('.');
  const { alg: _, ...kept } = decoded(oldHeader);
  const made = await signCompactJws(
    { header: { ...kept, ...header } as never, payload: JSON.stringify(change(decoded(payload))) },
    issuerKey.signer,
  );
  return [made, ...disclosures].join('~');
}

describe('a certificate in a compact form that is not as it was signed', () => {
  for (const form of COMPACT) {
    it(`${form}: refuses alg none, HMAC, and another algorithm than the key's`, async () => {
      const text = await secured(form);
      const unsigned = withHeader(text, { alg: 'none' });
      assert.equal(await refusal(unsigned), 'JOSE_ALG_UNSUPPORTED');
      assert.equal(await refusal(withHeader(text, { alg: 'HS256' })), 'JOSE_ALG_UNSUPPORTED');
      assert.equal(await refusal(withHeader(text, { alg: 'ES256' })), 'JOSE_ALG_MISMATCH');
    });

    it(`${form}: refuses a header that brings its own key, or demands extensions`, async () => {
      const text = await secured(form);
      assert.equal(await refusal(withHeader(text, { jwk: { kty: 'OKP' } })), 'JOSE_KEY_EMBEDDED');
      assert.equal(await refusal(withHeader(text, { crit: ['exp'] })), 'JOSE_CRIT');
    });

    it(`${form}: refuses another typ, even when the issuer signed it`, async () => {
      const text = await secured(form);
      assert.equal(await refusal(await signedAnew(text, (claims) => claims, { typ: 'at+jwt' })), 'JOSE_TYP_MISMATCH');
    });

    it(`${form}: refuses a signature of another key under the institution's name`, async () => {
      const thief = testKey(sampleRecord().issuer.id, 9);
      const stolen = await secured(form, {}, { signer: { ...thief.signer, id: issuerKey.key.id } });
      assert.equal(await refusal(stolen), 'SIGNATURE_INVALID');
      const named = await ask(await secured(form, {}, { signer: thief.signer }));
      assert.equal(named.questions.authentic.code, 'ISSUER_KEY_UNKNOWN');
    });

    it(`${form}: refuses a changed claim`, async () => {
      const text = await secured(form);
      const [jwt = '', ...rest] = text.split('~');
      const changed = withPayload(jwt, (claims) => (claims['iat'] = Number(claims['iat']) + 1));
      assert.equal(await refusal([changed, ...rest].join('~')), 'SIGNATURE_INVALID');
    });

    it(`${form}: refuses what the issuer's key signed that is no certificate as certificates are written`, async () => {
      const text = await secured(form);
      const extra = await signedAnew(text, (claims) => ({ ...claims, extra: true }));
      assert.match(await refusal(extra), /^CREDENTIAL_(?:SCHEMA|SHAPE)$/);
      const elsewhere = await signedAnew(text, (claims) => ({ ...claims, iss: 'did:web:other.example' }));
      assert.match(await refusal(elsewhere), /^CREDENTIAL_(?:SCHEMA|SHAPE)$/);
      assert.equal(await refusal(await signedAnew(text, ({ iat: _, ...claims }) => claims)), 'CREATED_INVALID');
    });

    it(`${form}: refuses an issuer whose did:web has no address`, async () => {
      const text = await secured(form);
      for (const did of [
        'did:web:issuer.example%3A99999',
        'did:web:1.2.3.4.5',
        'did:web:xn--0.example',
        'did:web:..',
      ]) {
        const named = await signedAnew(text, (claims) => {
          const swapped = JSON.stringify(claims).replaceAll(`"${sampleRecord().issuer.id}"`, `"${did}"`);
          return JSON.parse(swapped) as object;
        });
        assert.match(await refusal(named), /^(?:CREDENTIAL_SCHEMA|CREDENTIAL_SHAPE|DID_NOT_WEB)$/, did);
      }
    });

    it(`${form}: refuses duplicate members, and text that is too long`, async () => {
      const text = await secured(form);
      const [jwt = '', ...rest] = text.split('~');
      const [header, payload, signature] = jwt.split('.');
      const doubled = Buffer.from(payload ?? '', 'base64url')
        .toString()
        .replace(/^\{/, '{"iat":1,');
      const bad = [header, Buffer.from(doubled).toString('base64url'), signature].join('.');
      assert.equal(await refusal([bad, ...rest].join('~')), 'JSON_DUPLICATE_KEY');
      assert.match(await refusal(`${text}${'A'.repeat(140_000)}`), /^(?:JOSE|SD_JWT)_TOO_LARGE$/);
    });
  }

  it('[VC-JOSE-COSE §3.1.1] vc+jwt: refuses a vc claim', async () => {
    const text = await secured('vc+jwt');
    assert.equal(await refusal(await signedAnew(text, (claims) => ({ ...claims, vc: {} }))), 'CREDENTIAL_SCHEMA');
  });

  it('[VCDM11 §6.3.1] jwt_vc_json: refuses registered claims that say other than the credential', async () => {
    const text = await secured('jwt_vc_json');
    for (const changes of [
      { nbf: 1 },
      { exp: 4_102_444_800 },
      { sub: holderKey(8).did },
      { jti: 'urn:yizheng:certificate:other:1' },
    ])
      assert.equal(await refusal(await signedAnew(text, (claims) => ({ ...claims, ...changes }))), 'CREDENTIAL_SHAPE');
  });

  it('is of another kind, not forged, where it does not claim to be a certificate of ours', async () => {
    const foreign = await signCompactJws(
      { header: { typ: 'JWT' }, payload: { vc: { type: ['Other'] } } },
      issuerKey.signer,
    );
    for (const text of [foreign, `${foreign}~`]) {
      const verdict = await ask(text);
      assert.deepEqual(
        [verdict.headline, verdict.questions.authentic.code],
        ['undetermined', 'UNKNOWN_CREDENTIAL_TYPE'],
      );
    }
  });
});

describe('dc+sd-jwt: disclosures that are not as the issuer made them', () => {
  const split = async () => {
    const [jwt = '', ...disclosures] = (await secured('dc+sd-jwt')).split('~');
    return { jwt, disclosures: disclosures.filter((text) => text !== '') };
  };
  const joined = (jwt: string, disclosures: readonly string[]): string => [jwt, ...disclosures, ''].join('~');

  it('[SD-JWT §7.1] refuses a changed disclosure, by the name or the value in it', async () => {
    const { jwt, disclosures } = await split();
    const [salt, , name] = JSON.parse(Buffer.from(disclosures[0] ?? '', 'base64url').toString()) as string[];
    for (const content of [
      [salt, 'name', '李四'],
      [salt, 'nickname', name],
    ])
      assert.equal(await refusal(joined(jwt, [encoded(content), ...disclosures.slice(1)])), 'SD_JWT_UNREFERENCED');
  });

  it('[SD-JWT §7.1] refuses an unreferenced disclosure, which @sd-jwt 0.19 drops silently', async () => {
    const { jwt, disclosures } = await split();
    const smuggled = encoded(['salt', 'level', { value: '1' }]);
    assert.equal(await refusal(joined(jwt, [...disclosures, smuggled])), 'SD_JWT_UNREFERENCED');
  });

  it('[SD-JWT §7.1] refuses a disclosure that stands twice, and one of another certificate', async () => {
    const { jwt, disclosures } = await split();
    assert.equal(await refusal(joined(jwt, [...disclosures, disclosures[0] ?? ''])), 'SD_JWT_DUPLICATE');
    const other = encoded(['another salt', 'name', '张伟']);
    assert.equal(await refusal(joined(jwt, [other])), 'SD_JWT_UNREFERENCED');
  });

  it('[SD-JWT §7.1] refuses what is no disclosure at all', async () => {
    const { jwt } = await split();
    for (const content of [{}, ['only salt'], [1, 'name', 'x'], 'text'])
      assert.match(await refusal(joined(jwt, [encoded(content)])), /^SD_JWT_(?:DISCLOSURE|UNREFERENCED)$/);
    assert.equal(await refusal(joined(jwt, ['!!'])), 'SD_JWT_DISCLOSURE');
    assert.equal(await refusal(joined(jwt, Array<string>(101).fill('AAAA'))), 'SD_JWT_FORMAT');
  });

  it('[SD-JWT-VC §2.2.2.2] refuses a certificate whose issuer made something else disclosable', async () => {
    const { jwt, disclosures } = await split();
    for (const [name, value] of [
      ['vct', 'https://issuer.example/credential-types/v1/skill-level'],
      ['iss', sampleRecord().issuer.id],
      ['level', { framework: 'cn-skill-5', value: '3', name: '三级/高级工' }],
    ] as const) {
      const disclosure = encoded(['salt', name, value]);
      const text = await signedAnew(jwt, ({ [name]: _, _sd, ...claims }) => ({
        ...claims,
        _sd: [...(_sd as string[]), sdDigest(disclosure)],
      }));
      assert.equal(await refusal(joined(text, [...disclosures, disclosure])), 'CREDENTIAL_SHAPE', name);
    }
  });

  it('[SD-JWT-VC §2.2.2.2] refuses a date that is disclosed, whatever it says', async () => {
    const { jwt, disclosures } = await split();
    for (const name of ['iat', 'nbf', 'exp'])
      for (const value of [1e15, 1_795_000_000, '2026', null]) {
        const disclosure = encoded(['salt', name, value]);
        const text = await signedAnew(jwt, ({ [name]: _, _sd, ...claims }) => ({
          ...claims,
          _sd: [...(_sd as string[]), sdDigest(disclosure)],
        }));
        assert.match(
          await refusal(joined(text, [...disclosures, disclosure])),
          /^(?:CREDENTIAL_SHAPE|CREATED_INVALID)$/,
        );
      }
  });

  it('[SD-JWT-VC §2.2.2.2] refuses withheld claims where nothing may be withheld, and more than may be', async () => {
    const { jwt, disclosures } = await split();
    const digests = ['one', 'two', 'three', 'four'].map(sdDigest);
    const hiding = async (place: string, count: number): Promise<string> => {
      const text = await signedAnew(jwt, (claims) => {
        const level = (place === '' ? claims : claims[place]) as { _sd?: string[] };
        const withheld = { ...level, _sd: [...(level._sd ?? []), ...digests.slice(0, count)] };
        return place === '' ? withheld : { ...claims, [place]: withheld };
      });
      return joined(text, disclosures);
    };
    for (const place of ['occupation', 'level', 'issued_under', 'cnf'])
      assert.equal(await refusal(await hiding(place, 1)), 'CREDENTIAL_SHAPE', place);
    for (const place of ['', 'identity_document', 'assessment'])
      assert.equal(await refusal(await hiding(place, 4)), 'CREDENTIAL_SHAPE', place);
    assert.equal((await ask(await hiding('', 2))).questions.authentic.code, 'PROOF_VALID');
  });

  it('[SD-JWT §7.1] refuses another digest algorithm, and digests that stand twice', async () => {
    const { jwt, disclosures } = await split();
    const weak = await signedAnew(jwt, (claims) => ({ ...claims, _sd_alg: 'sha-512' }));
    assert.equal(await refusal(joined(weak, disclosures)), 'SD_JWT_HASH_ALG');
    const twice = await signedAnew(jwt, (claims) => {
      const digests = claims['_sd'] as string[];
      return { ...claims, _sd: [...digests, digests[0]] };
    });
    assert.equal(await refusal(joined(twice, disclosures)), 'SD_JWT_DUPLICATE');
  });

  it('refuses a holder key in cnf that is not the one of sub', async () => {
    const { jwt, disclosures } = await split();
    const text = await signedAnew(jwt, (claims) => ({ ...claims, sub: holderKey(8).did }));
    assert.equal(await refusal(joined(text, disclosures)), 'CREDENTIAL_SHAPE');
  });

  it('refuses a vct of another origin than the issuer', async () => {
    const { jwt, disclosures } = await split();
    const text = await signedAnew(jwt, (claims) => ({
      ...claims,
      vct: 'https://lookalike.example/credential-types/v1/skill-level',
    }));
    assert.equal(await refusal(joined(text, disclosures)), 'CREDENTIAL_SHAPE');
  });

  it('takes no presentation without its last "~"', async () => {
    const shown = await presentSdJwt(await secured('dc+sd-jwt'), { disclose: [['name']] });
    assert.equal(await refusal(shown.slice(0, -1)), 'SD_JWT_FORMAT');
  });
});

describe('making a form', () => {
  it('refuses a key of another than the institution, a holder that is no key, and a form without its salts', async () => {
    const { signer } = testKey('did:web:other.example', 3);
    await assert.rejects(secured('vc+jwt', {}, { signer }), { code: 'ISSUER_KEY_MISMATCH' });
    await assert.rejects(secured('vc+jwt', {}, { holder: { did: 'did:web:wallet.example' } }), { code: 'DID_INVALID' });
    const broken = `did:key:${encodeMultikey({ algorithm: 'P-256', bytes: new Uint8Array(33).fill(5) })}`;
    await assert.rejects(secured('dc+sd-jwt', {}, { holder: { did: broken } }), { code: 'KEY_FORMAT' });
    await assert.rejects(secured('dc+sd-jwt', {}, { randomBytes: undefined as never }), { code: 'FORM_OPTION' });
    await assert.rejects(secured('vc+jwt', {}, { tokenStatus: { uri: 'https://x.example', idx: 1 } }), {
      code: 'FORM_OPTION',
    });
  });
});

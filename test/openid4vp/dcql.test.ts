import { strict as assert } from 'node:assert';
import { DcqlQuery as TheirQuery } from 'dcql';
import fc from 'fast-check';
import { certificateQuery, parseCertificateRequest } from '../../shared/presentation/certificate-request.js';
import { parseDcqlQuery, type DcqlQuery } from '../../shared/presentation/dcql-query.js';
import { matchCredential, satisfiesQuery } from '../../shared/presentation/match-query.js';

const NAMES = ['a', 'b'] as const;
const leaf = fc.constantFrom<(string | number | boolean)[]>('x', 'y', 1, true);
// Of an empty list nothing is selected, which §7.1 calls an error; the library calls it found.
const { claims: claimTree } = fc.letrec<{ claims: object; value: unknown }>((tie) => ({
  claims: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('claims'), fc.array(leaf, { minLength: 1, maxLength: 2 })),
}));
const path = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: fc.constantFrom(null, 0, 1) }), { minLength: 1, maxLength: 2 }).filter(([first]) => typeof first === 'string'); // prettier-ignore
const claim = fc.record({
  path,
  values: fc.option(fc.uniqueArray(leaf, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 2 }),
});
const query = fc
  .record({
    claims: fc.array(claim, { minLength: 1, maxLength: 2 }),
    sets: fc.boolean(),
    type: fc.constantFrom('T', 'U'),
  })
  .map(({ claims, sets, type }) => {
    const named = claims.map(({ path: at, values }, i) => ({ id: `c${i}`, path: at, ...(values && { values }) }));
    const claimSets = [[...named.map(({ id }) => id)], [named[0]?.id ?? 'c0']];
    return {
      credentials: [
        {
          id: 'q',
          format: 'ldp_vc',
          meta: { type_values: [[type]] },
          claims: named,
          ...(sets && { claim_sets: claimSets }),
        },
      ],
    };
  });

describe('DCQL: what a query means [DCQL §6] [DCQL §7]', () => {
  it('agrees with the dcql library over random queries and credentials [INTEROP dcql]', () => {
    let matched = 0;
    fc.assert(
      fc.property(query, claimTree, fc.constant('T'), (asked, claims, type) => {
        const own = parseDcqlQuery(asked);
        const [first] = own.credentials;
        assert.ok(first);
        const ours = matchCredential(first, { format: 'ldp_vc', types: [type], claims: claims as never }).matches;
        const theirs = TheirQuery.query(TheirQuery.parse(asked as never), [
          { credential_format: 'ldp_vc', type: [type], claims, cryptographic_holder_binding: true } as never,
        ]).can_be_satisfied;
        if (ours) matched++;
        assert.equal(ours, theirs, JSON.stringify({ asked, claims }));
      }),
      { numRuns: 1500 },
    );
    assert.ok(matched > 50, `only ${matched} matched`);
  });

  it('writes queries that the library finds in order, for every kind, format and choice of facts', () => {
    for (const kind of ['skill-level', 'special-operation', 'training-completion'])
      for (const claims of [['name'], ['name', 'occupation', 'level', 'certificateNumber', 'lastFour', 'scores']])
        for (const formats of [undefined, ['dc+sd-jwt'], ['ldp_vc', 'dc+sd-jwt']]) {
          const request = parseCertificateRequest({ kind, claims, ...(formats && { formats }) });
          const asked = certificateQuery(request, ['https://issuer.example/credential-types/v1/skill-level']);
          TheirQuery.validate(TheirQuery.parse(asked as never));
          assert.deepEqual(parseDcqlQuery(asked), asked);
        }
  });

  it('asks for a level or a higher one of the same framework', () => {
    const request = parseCertificateRequest({
      atLeast: { framework: 'cn-skill-5', value: '3' },
      claims: ['level'],
      formats: ['ldp_vc'],
    });
    const { claims } = certificateQuery(request, []).credentials[0] ?? {};
    assert.deepEqual(claims?.find(({ path: at }) => at.at(-1) === 'value')?.values, ['3', '2', '1']);
  });

  it('is answered by any one of its alternatives, and by none that are not whole', () => {
    const asked: DcqlQuery = {
      credentials: ['a', 'b', 'c'].map((id) => ({ id, format: 'ldp_vc', meta: {} })),
      credential_sets: [{ options: [['a', 'b'], ['c']] }, { options: [['b']], required: false }],
    };
    const answered = (...ids: string[]): boolean => satisfiesQuery(asked, new Set(ids));
    assert.deepEqual(
      [answered('a', 'b'), answered('c'), answered('a'), answered('b'), answered()],
      [true, true, false, false, false],
    );
    assert.equal(satisfiesQuery({ credentials: asked.credentials }, new Set(['a', 'b'])), false);
  });

  it('refuses queries that contradict themselves', () => {
    const credential = { id: 'a', format: 'ldp_vc', meta: {} };
    for (const wrong of [
      {},
      { credentials: [] },
      { credentials: [{ ...credential, id: 'a b' }] },
      { credentials: [{ id: 'a', format: 'ldp_vc' }] },
      { credentials: [credential, credential] },
      { credentials: [{ ...credential, claims: [{ path: [] }] }] },
      { credentials: [{ ...credential, claims: [{ path: ['x'] }], claim_sets: [['y']] }] },
      { credentials: [{ ...credential, claim_sets: [['y']] }] },
      { credentials: [credential], credential_sets: [{ options: [['b']] }] },
    ])
      assert.throws(() => parseDcqlQuery(wrong), { code: 'DCQL_INVALID' }, JSON.stringify(wrong));
  });
});

import type { VerificationMethodFile } from '../../keys/verification-method-file.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { claimsTimeProblem } from '../../shared/proof/jose/jwt-claims.js';
import { openSecured } from '../../shared/proof/jose/open-secured.js';
import type { EnvelopeForm } from '../../shared/proof/jose/secure-document.js';
import type { SecuredKind } from '../../shared/proof/jose/secured-document.js';
import { assertSecuredShape } from '../../shared/proof/jose/secured-shape.js';

/** How {@link verifyWithKey} reads a text. */
export interface WithKey {
  form: EnvelopeForm;
  kind: SecuredKind;
  method: VerificationMethodFile;
  /** Instant its times are compared with, RFC 3339. */
  now: string;
}

/**
 * Is a text signed by exactly this key? Proof only: whose key it is, and what it is worth, nobody asked. Credentials inside a
 * presentation must be secured, but are not opened: their keys are others.
 * @returns the document, and what its times say of `now`: `JOSE_EXPIRED`, `JOSE_NOT_YET_VALID`, `CREDENTIAL_EXPIRED`, `NOT_YET_VALID`
 * @throws YizhengError those of `openSecured` and `assertSecuredShape`; `KEY_ID_MISMATCH` when the text names another key
 */
export async function verifyWithKey(
  text: string,
  { form, kind, method, now }: WithKey,
): Promise<{ document: JsonObject; problems: string[] }> {
  const mediaType = `application/${kind === 'credential' ? 'vc' : 'vp'}+${form}` as const;
  const { document, claims } = await openSecured(
    { kind, mediaType, text },
    {
      keyOf: ({ kid }) => {
        if (kid !== undefined && kid !== method.id && kid !== method.kid)
          throw new YizhengError('KEY_ID_MISMATCH', 'The text names another key than the one that was given.');
        return method.key;
      },
    },
  );
  assertSecuredShape(document, kind);
  const problem = claimsTimeProblem(claims, { now }) ?? validityProblem(document, now);
  return { document, problems: problem === undefined ? [] : [problem] };
}

function validityProblem({ validFrom, validUntil }: JsonObject, now: string): string | undefined {
  const at = Date.parse(now);
  if (typeof validFrom === 'string' && Date.parse(validFrom) > at) return 'NOT_YET_VALID';
  if (typeof validUntil === 'string' && Date.parse(validUntil) < at) return 'CREDENTIAL_EXPIRED';
  return undefined;
}

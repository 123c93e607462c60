import { z } from 'zod';
import { schemaError } from '../../certificate/record.js';
import { CREDENTIALS_V2_URL } from '../../certificate/context.js';
import type { JsonObject } from '../../json/parse-json.js';
import type { SecuredKind } from './secured-document.js';

const url = z
  .string()
  .max(2300)
  .regex(/^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$/, { error: 'must be a URL' });
const named = z.union([url, z.looseObject({ id: url })]);
const list = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1).max(50)]);
const context = z
  .union([z.string(), z.array(z.union([z.string(), z.looseObject({})])).min(1)])
  .refine((value) => [value].flat()[0] === CREDENTIALS_V2_URL, { error: 'must begin with the VC 2.0 context' });
const typesWith = (name: string) =>
  list(z.string().max(300)).refine((names) => [names].flat().includes(name), { error: `must hold ${name}` });

const SECURED = /^data:application\/(?:vc\+jwt|vc\+sd-jwt|vc\+cose;base64|jwt),\S/;
const enveloped = z.looseObject({
  '@context': context,
  type: typesWith('EnvelopedVerifiableCredential'),
  id: z.string().max(100_000).regex(SECURED, { error: 'must be a data: URL of a secured credential' }),
});
const embedded = z.looseObject({ proof: z.union([z.looseObject({}), z.array(z.looseObject({})).min(1)]) });

const SCHEMAS = {
  credential: z.looseObject({
    '@context': context,
    id: url.optional(),
    type: typesWith('VerifiableCredential'),
    issuer: named,
    credentialSubject: list(z.looseObject({})),
  }),
  presentation: z.looseObject({
    '@context': context,
    id: url.optional(),
    type: typesWith('VerifiablePresentation'),
    holder: named.optional(),
    verifiableCredential: list(z.union([enveloped, embedded])).optional(),
  }),
};

/**
 * Demands the shape of a VC 2.0 credential or presentation without reading it as JSON-LD (VC-JOSE-COSE §4.2): members nobody knows
 * are let pass, whatever context defines them. In a presentation every credential is itself secured.
 * @throws YizhengError `CREDENTIAL_SCHEMA`, `PRESENTATION_SCHEMA`
 */
export function assertSecuredShape(document: JsonObject, kind: SecuredKind): void {
  const parsed = SCHEMAS[kind].safeParse(document);
  if (!parsed.success)
    throw schemaError(kind === 'credential' ? 'CREDENTIAL_SCHEMA' : 'PRESENTATION_SCHEMA', parsed.error);
}

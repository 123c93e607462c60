import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import type { SigningKey } from '../../../../../shared/trust/types.js';

const MULTIKEY = z.string().regex(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/);
const documentSchema = z.object({
  id: z.string(),
  verificationMethod: z.array(z.object({ id: z.string(), publicKeyMultibase: z.string().optional() })),
  assertionMethod: z.array(z.union([z.string(), z.object({ id: z.string() })])),
});
const ceremonySchema = z.object({
  institution: z.string(),
  keys: z.array(
    z.object({
      id: z.string(),
      publicKeyMultibase: z.string(),
      validFrom: z.string().optional(),
      validUntil: z.string().optional(),
    }),
  ),
});
const recordSchema = z.object({
  record: z.object({
    type: z.literal('KeyCeremonyRecord'),
    institution: z.object({ did: z.string() }),
    key: z.object({
      id: z.string(),
      publicKeyMultibase: z.string(),
      validFrom: z.string(),
      validUntil: z.string().optional(),
    }),
  }),
});
const MOST_BYTES = 256 * 1024;

/** Keys of an institution, as a file from its key ceremony has them. */
export interface KeyFile {
  institution: string;
  keys: SigningKey[];
}

/**
 * Reads the file an institution handed over after its key ceremony: the record of the ceremony, a list of keys, or the
 * institution's DID document.
 * @param today instant at which keys begin that do not say when
 * @throws YizhengError `KEY_FILE_UNREADABLE` when it holds no key that may sign certificates
 */
export async function readKeyFile(file: Blob, today: string): Promise<KeyFile> {
  const found = file.size <= MOST_BYTES ? keysIn(json(await file.text()), today) : undefined;
  if (
    !found ||
    found.keys.length === 0 ||
    !found.keys.every((key) => MULTIKEY.safeParse(key.publicKeyMultibase).success)
  )
    throw new YizhengError('KEY_FILE_UNREADABLE', 'The file holds no keys of an institution.', { status: 422 });
  return found;
}

function keysIn(value: unknown, today: string): KeyFile | undefined {
  const record = recordSchema.safeParse(value);
  if (record.success) {
    const { institution, key } = record.data.record;
    return keysIn({ institution: institution.did, keys: [key] }, today);
  }
  const ceremony = ceremonySchema.safeParse(value);
  if (ceremony.success)
    return {
      institution: ceremony.data.institution,
      keys: ceremony.data.keys.map(({ id, publicKeyMultibase, validFrom = today, validUntil }) => ({
        id,
        type: 'Multikey',
        publicKeyMultibase,
        validFrom,
        ...(validUntil !== undefined && { validUntil }),
      })),
    };
  const document = documentSchema.safeParse(value);
  if (!document.success) return undefined;
  const { id, verificationMethod, assertionMethod } = document.data;
  const signs = new Set(assertionMethod.map((one) => (typeof one === 'string' ? one : one.id)));
  return {
    institution: id,
    keys: verificationMethod.flatMap(({ id: key, publicKeyMultibase }) =>
      signs.has(key) && publicKeyMultibase !== undefined
        ? [{ id: key, type: 'Multikey' as const, publicKeyMultibase, validFrom: today }]
        : [],
    ),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

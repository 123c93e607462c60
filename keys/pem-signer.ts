import { createPrivateKey, sign as signBytes, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { KeyAlgorithm } from '../shared/did/multikey.js';
import { YizhengError } from '../shared/errors.js';
import type { Signer } from '../shared/proof/types.js';
import { isPrivateMode } from './secret-file.js';

/**
 * A signer over a private key in a PEM file, for keys that others certify (X.509) and that come as files from them.
 * @param file PKCS#8 or SEC 1 PEM of an Ed25519, P-256 or P-384 key, not encrypted, mode 0600
 * @param id what signatures by it are called
 * @throws YizhengError `KEY_FILE` when it cannot be read, others can read it, or it is another kind of key
 */
export async function readPemSigner(file: string, id: string): Promise<Signer> {
  const key = await readKey(file);
  const algorithm = algorithmOf(key);
  if (algorithm === undefined) throw refused(`${file} is no Ed25519, P-256 or P-384 key.`, file);
  const hash = { Ed25519: null, 'P-256': 'sha256', 'P-384': 'sha384' }[algorithm];
  const sign = (data: Uint8Array): Uint8Array =>
    new Uint8Array(signBytes(hash, data, algorithm === 'Ed25519' ? key : { key, dsaEncoding: 'ieee-p1363' }));
  return { id, algorithm, sign: ({ data }) => Promise.resolve(sign(data)) };
}

async function readKey(file: string): Promise<KeyObject> {
  try {
    if (isPrivateMode((await stat(file)).mode)) return createPrivateKey(await readFile(file));
  } catch (cause) {
    throw refused(`The key file ${file} cannot be read.`, file, cause);
  }
  throw refused(`Others can read ${file}: run chmod 600 ${file}.`, file);
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): KeyAlgorithm | undefined {
  if (type === 'ed25519') return 'Ed25519';
  if (type !== 'ec') return undefined;
  return details?.namedCurve === 'prime256v1' ? 'P-256' : details?.namedCurve === 'secp384r1' ? 'P-384' : undefined;
}

function refused(message: string, at: string, cause?: unknown): YizhengError {
  return new YizhengError('KEY_FILE', message, { at, status: 500, cause });
}

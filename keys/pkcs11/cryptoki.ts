import { createRequire } from 'node:module';
import { YizhengError } from '../../shared/errors.js';

/** What Cryptoki calls something by: opaque, only good for the library that gave it. */
export type Handle = Buffer;

/** Attributes of an object (PKCS#11 v3.0 §4). */
export type Template = { type: number; value?: Buffer | number | string | boolean }[];

/** The functions of Cryptoki (PKCS#11 v3.0 §5) that are used, as the optional package `pkcs11js` offers them. */
export interface Cryptoki {
  load(path: string): void;
  C_Initialize(options: { flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  /** Texts come padded. */
  C_GetTokenInfo(slot: Handle): { label: string; serialNumber: string; flags: number };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Template): void;
  C_FindObjects(session: Handle, maxObjectCount: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Template): { type: number; value: Buffer }[];
  C_DestroyObject(session: Handle, object: Handle): void;
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: { mechanism: number; parameter: null },
    publicTemplate: Template,
    privateTemplate: Template,
  ): Promise<{ publicKey: Handle; privateKey: Handle }>;
  C_SignInit(session: Handle, mechanism: { mechanism: number; parameter: null }, key: Handle): void;
  /** Signs in a thread of libuv. */
  C_SignAsync(session: Handle, data: Buffer, signature: Buffer): Promise<Buffer>;
}

/**
 * A new binding to Cryptoki, with no library loaded.
 * @throws YizhengError `TOKEN_SUPPORT_MISSING`: the optional package was not installed, e.g. for want of a compiler
 */
export function newCryptoki(): Cryptoki {
  try {
    const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as { PKCS11: new () => Cryptoki };
    return new PKCS11();
  } catch (cause) {
    throw new YizhengError(
      'TOKEN_SUPPORT_MISSING',
      'A token is configured, but the optional package pkcs11js is not installed; install a C++ compiler and run npm ci again.',
      { status: 500, cause },
    );
  }
}

/** Name of the return value a Cryptoki call failed with, e.g. `CKR_PIN_INCORRECT`; undefined for any other error. */
export function returnValueOf(error: unknown): string | undefined {
  return error instanceof Error && /^CKR_\w+$/.test(error.message) ? error.message : undefined;
}

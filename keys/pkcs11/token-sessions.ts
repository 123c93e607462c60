import { YizhengError } from '../../shared/errors.js';
import { CK } from './constants.js';
import { returnValueOf, type Cryptoki, type Handle } from './cryptoki.js';
import type { Library } from './library.js';
import { absent, finalTry, pinLocked, remedyFor, tokenError, type TokenName } from './token-error.js';

/** A session that is logged in. */
export interface Session {
  cryptoki: Cryptoki;
  handle: Handle;
  slot: Handle;
  /** Private keys found so far, by CKA_ID in hex. */
  keys: Map<string, Handle>;
}

/** Signatures under way at a time. Each keeps one of libuv's four threads; one stays free for files and the database. */
const SESSIONS = 3;

/**
 * Sessions with one token: at most a few at a time, logged in, opened anew when the token or its library lost them. A PIN that was
 * refused is never tried again by this process.
 */
export class TokenSessions {
  #slot: Handle | undefined;
  #generation = -1;
  /** Counts how often everything was forgotten; sessions of before are closed instead of used again. */
  #epoch = 0;
  #idle: Handle[] = [];
  #keys = new Map<string, Handle>();
  #isLoggedIn = false;
  #refusal: YizhengError | undefined;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** Truly private: nobody prints it with the object. */
  readonly #pin: string;

  constructor(
    private readonly library: Library,
    private wanted: TokenName,
    pin: string,
  ) {
    this.#pin = pin;
  }

  /** Finds the token and logs in. @returns what it calls itself; only this one is used from now on */
  async open(): Promise<{ label: string; serial: string }> {
    const found = await this.run(({ cryptoki, slot }) => nameAt(cryptoki, slot));
    this.wanted = found;
    return found;
  }

  /**
   * Does something in a session; where that failed for want of a good session, or the token was away and came back, once more.
   * @param flags of C_OpenSession beside CKF_SERIAL_SESSION
   * @throws YizhengError `TOKEN_*` (503), and what `work` throws
   */
  async run<T>(work: (session: Session) => T | Promise<T>, flags = 0): Promise<T> {
    await this.#turn();
    try {
      const tried = new Set<string>();
      for (;;) {
        const { generation } = this.library;
        try {
          return await this.library.use((cryptoki) => this.#inSession(cryptoki, work, flags));
        } catch (error) {
          const remedy = remedyFor(error);
          const next = remedy === 'session' && tried.has('session') ? 'restart' : remedy;
          if (next === 'nothing' || tried.has(next)) throw this.#told(error);
          tried.add(next);
          await this.close();
          if (next === 'restart') await this.#restart(generation);
        }
      }
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Gives the sessions back; with the last one the token logs this process out. */
  async close(): Promise<void> {
    await this.library.use((cryptoki) => this.#forget(cryptoki));
  }

  async #restart(seen: number): Promise<void> {
    try {
      await this.library.restart(seen);
    } catch (error) {
      throw this.#told(error);
    }
  }

  async #inSession<T>(cryptoki: Cryptoki, work: (session: Session) => T | Promise<T>, flags: number): Promise<T> {
    if (this.#refusal) throw this.#refusal;
    if (this.#generation !== this.library.generation) this.#reset();
    const slot = (this.#slot ??= findSlot(cryptoki, this.wanted));
    const epoch = this.#epoch;
    const handle = (flags === 0 ? this.#idle.pop() : undefined) ?? cryptoki.C_OpenSession(slot, CK.SERIAL_SESSION | flags); // prettier-ignore
    let isGood = false;
    try {
      if (!this.#isLoggedIn) this.#login(cryptoki, handle, slot);
      const result = await work({ cryptoki, handle, slot, keys: this.#keys });
      isGood = true;
      return result;
    } finally {
      if (isGood && flags === 0 && epoch === this.#epoch) this.#idle.push(handle);
      else {
        closeSession(cryptoki, handle);
        // With its last session a process is logged out.
        this.#isLoggedIn = false;
      }
    }
  }

  #login(cryptoki: Cryptoki, session: Handle, slot: Handle): void {
    const { flags } = cryptoki.C_GetTokenInfo(slot);
    try {
      refusePinTry(flags, this.wanted);
      cryptoki.C_Login(session, CK.USER, this.#pin);
    } catch (error) {
      if (returnValueOf(error) !== 'CKR_USER_ALREADY_LOGGED_IN') {
        const told = tokenError(error, this.wanted);
        if (told instanceof YizhengError && told.code.startsWith('TOKEN_PIN_')) this.#refusal = told;
        throw error;
      }
    }
    this.#isLoggedIn = true;
  }

  #told(error: unknown): unknown {
    return this.#refusal ?? tokenError(error, this.wanted);
  }

  #forget(cryptoki: Cryptoki): void {
    for (const handle of this.#idle.splice(0)) closeSession(cryptoki, handle);
    this.#reset();
  }

  #reset(): void {
    this.#generation = this.library.generation;
    this.#epoch += 1;
    this.#idle = [];
    this.#keys = new Map();
    this.#slot = undefined;
    this.#isLoggedIn = false;
  }

  async #turn(): Promise<void> {
    while (this.#busy >= SESSIONS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
  }
}

/**
 * Refuses a login that would lock the PIN if it were wrong.
 * @param flags of CK_TOKEN_INFO
 * @throws YizhengError `TOKEN_PIN_LOCKED`, `TOKEN_PIN_FINAL_TRY` (503)
 */
export function refusePinTry(flags: number, token: TokenName): void {
  if ((flags & CK.USER_PIN_LOCKED) !== 0) throw pinLocked(token);
  if ((flags & CK.USER_PIN_FINAL_TRY) !== 0) throw finalTry(token);
}

function findSlot(cryptoki: Cryptoki, wanted: TokenName): Handle {
  const [found, another] = cryptoki.C_GetSlotList(true).filter((slot) => isWanted(cryptoki, slot, wanted));
  if (!found) throw absent(wanted);
  if (another)
    throw new YizhengError('TOKEN_AMBIGUOUS', 'Several tokens answer to this name; give the serial number as well.', {
      status: 500,
    });
  return found;
}

function isWanted(cryptoki: Cryptoki, slot: Handle, wanted: TokenName): boolean {
  try {
    const { label, serial } = nameAt(cryptoki, slot);
    return (wanted.label ?? label) === label && (wanted.serial ?? serial) === serial;
  } catch (error) {
    // What cannot even say its name is not the token looked for; another one in its place may be.
    if (returnValueOf(error) === undefined) throw error;
    return false;
  }
}

function nameAt(cryptoki: Cryptoki, slot: Handle): { label: string; serial: string } {
  const { label, serialNumber } = cryptoki.C_GetTokenInfo(slot);
  return { label: unpadded(label), serial: unpadded(serialNumber) };
}

function unpadded(text: string): string {
  return text.replace(/[\s\0]+$/, '');
}

function closeSession(cryptoki: Cryptoki, session: Handle): void {
  try {
    cryptoki.C_CloseSession(session);
  } catch (error) {
    // A session that is gone already is what was wanted.
    if (returnValueOf(error) === undefined) throw error;
  }
}

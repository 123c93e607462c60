import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { YizhengError } from '../../shared/errors.js';
import { newCryptoki, returnValueOf, type Cryptoki } from './cryptoki.js';
import { CK } from './constants.js';

/** A library is begun anew at most so often, milliseconds. */
const RESTART_EVERY_MS = 1000;

const LIBRARIES = new Map<string, Library>();

/**
 * The library at a path, loaded and begun once for the process, as Cryptoki demands (PKCS#11 v3.0 §5.4).
 * @param path shared object of the token's maker, e.g. `/usr/lib/softhsm/libsofthsm2.so`
 * @throws YizhengError `TOKEN_SUPPORT_MISSING`, `TOKEN_LIBRARY` (500): it cannot be loaded or does not begin
 */
export function libraryAt(path: string): Library {
  try {
    const file = realpathSync(path);
    const library = LIBRARIES.get(file) ?? new Library(file);
    LIBRARIES.set(file, library);
    return library;
  } catch (cause) {
    if (cause instanceof YizhengError) throw cause;
    throw new YizhengError('TOKEN_LIBRARY', `The PKCS#11 library ${path} cannot be loaded.`, { status: 500, cause });
  }
}

/** A Cryptoki library, shared by all that call it; begun anew only while nobody does. */
export class Library {
  readonly #cryptoki: Cryptoki;
  #callers = 0;
  #planned: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;
  #lastCallerLeft: (() => void) | undefined;
  #restartedAt = -Infinity;
  #generation = 0;

  constructor(file: string) {
    this.#cryptoki = newCryptoki();
    this.#cryptoki.load(file);
    this.#begin();
  }

  /** Counts restarts: what the library gave before the last one is no longer good. */
  get generation(): number {
    return this.#generation;
  }

  /** Does something with the library, which is not begun anew meanwhile. */
  async use<T>(work: (cryptoki: Cryptoki) => T | Promise<T>): Promise<T> {
    while (this.#restarting) await this.#restarting;
    this.#callers += 1;
    try {
      return await work(this.#cryptoki);
    } finally {
      this.#callers -= 1;
      if (this.#callers === 0) this.#lastCallerLeft?.();
    }
  }

  /**
   * Ends and begins the library, which is how most notice a token that came or went. Nothing happens when somebody else did so since.
   * @param seen {@link Library.generation} when the call was made that failed
   */
  async restart(seen: number): Promise<void> {
    if (seen !== this.#generation) return;
    this.#planned ??= this.#restartInTime().finally(() => (this.#planned = undefined));
    await this.#planned;
  }

  async #restartInTime(): Promise<void> {
    await sleep(Math.max(0, this.#restartedAt + RESTART_EVERY_MS - performance.now()));
    this.#restarting = this.#restartNow().finally(() => (this.#restarting = undefined));
    await this.#restarting;
  }

  async #restartNow(): Promise<void> {
    if (this.#callers > 0) await new Promise<void>((resolve) => (this.#lastCallerLeft = resolve));
    this.#lastCallerLeft = undefined;
    this.#restartedAt = performance.now();
    this.#generation += 1;
    try {
      this.#cryptoki.C_Finalize();
    } catch (error) {
      if (returnValueOf(error) !== 'CKR_CRYPTOKI_NOT_INITIALIZED') throw error;
    }
    this.#begin();
  }

  #begin(): void {
    try {
      // Without it several threads in one library end in a crash (SoftHSM 2.6.1).
      this.#cryptoki.C_Initialize({ flags: CK.OS_LOCKING_OK });
    } catch (error) {
      if (returnValueOf(error) !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw error;
    }
  }
}

import { z } from 'zod';
import { YizhengError } from '../../../../../shared/errors.js';
import { ownBytes, randomBytes, toBase64url, utf8, fromBase64url, type OwnBytes } from '../bytes.js';
import { nowText, type Platform } from '../platform.js';
import { HEADER_KEY, type StoreChange } from '../store/wallet-store.js';
import { lockSchema, makeLock, openLock, type Lock, type LockContext, type Secret } from './locks.js';
import { seal, sealingKey, unseal } from './seal.js';

/** `new`: nothing is kept here; `damaged`: something is, and it cannot be read. */
export type VaultPhase = 'new' | 'locked' | 'open' | 'damaged';

/** The ways into the vault that it was given. */
export interface VaultLocks {
  passphrase: boolean;
  /** `salt` is what to ask the passkey with (`prf.eval.first`). */
  passkeys: { credentialId: string; salt: Uint8Array; label: string }[];
}

/** A value to keep under a key, or undefined to delete it. */
export interface VaultChange {
  key: string;
  value: unknown;
}

/** Everything the wallet keeps, encrypted on this device. Values are JSON. */
export interface Vault {
  readonly phase: VaultPhase;
  locks(): Promise<VaultLocks>;
  /** Makes an empty vault and opens it. @throws YizhengError `VAULT_EXISTS`, and the codes of {@link makeLock} */
  create(secret: Secret): Promise<void>;
  /** @throws YizhengError `VAULT_PASSPHRASE_WRONG`, `VAULT_PASSKEY`, `VAULT_NO_SUCH_LOCK`, `VAULT_MISSING`, `VAULT_DAMAGED` */
  unlock(secret: Secret): Promise<void>;
  /** Forgets the key, in every tab. */
  lock(): void;
  /** Adds a way in, or puts a new passphrase in the place of the old. @param current a secret that opens the vault now */
  addLock(current: Secret, next: Secret): Promise<void>;
  /** @throws YizhengError `VAULT_LAST_LOCK` when nothing would open the vault any more */
  removePasskey(credentialId: string): Promise<void>;
  newPasskeySalt(): Uint8Array;
  /** Forgets everything, for good. */
  destroy(): Promise<void>;
  /** Called whenever the phase or the contents changed, by this tab or another. Returns how to stop it. */
  subscribe(listener: () => void): () => void;
  /** @throws YizhengError `VAULT_LOCKED`, `VAULT_REPLACED`, `VAULT_DAMAGED` */
  read(key: string): Promise<unknown>;
  /** Values whose key begins like this, in order of keys. */
  list(prefix: string): Promise<{ key: string; value: unknown }[]>;
  /** All or nothing. */
  write(changes: readonly VaultChange[]): Promise<void>;
}

const headerSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().length(22),
  createdAt: z.string(),
  locks: z.array(lockSchema).min(1).max(12),
});
type Header = z.infer<typeof headerSchema>;

const DEVICE_KEY = 'device-key';
const RECORD = 'record/';

/** Opens the vault of a store, locked. @throws YizhengError `STORAGE_UNAVAILABLE` */
export async function openVault(platform: Platform): Promise<Vault> {
  const { store, crypto, channel } = platform;
  const listeners = new Set<() => void>();
  let phase: VaultPhase = 'new';
  let open: { id: string; key: CryptoKey } | undefined;

  const tell = (message?: 'changed' | 'locked' | 'replaced'): void => {
    if (message !== undefined) channel?.postMessage(message);
    for (const listener of listeners) listener();
  };
  const header = async (): Promise<Header | undefined> => {
    const value = await store.get(HEADER_KEY);
    if (value === undefined) return undefined;
    const parsed = headerSchema.safeParse(value);
    if (!parsed.success) throw damaged();
    return parsed.data;
  };
  const look = async (): Promise<void> => {
    open = undefined;
    try {
      phase = (await header()) ? ((await store.get(DEVICE_KEY)) === undefined ? 'damaged' : 'locked') : 'new';
    } catch {
      phase = 'damaged';
    }
  };
  const lockContext = async (id: string): Promise<LockContext> => {
    const deviceKey = await store.get(DEVICE_KEY);
    if (!(deviceKey instanceof CryptoKey)) throw damaged();
    return { crypto, deviceKey, vaultId: id };
  };
  const held = async (): Promise<Header> => {
    const found = await header();
    if (!found)
      throw new YizhengError('VAULT_MISSING', 'There is no wallet on this device, or its storage was cleared.');
    return found;
  };
  const opened = (): { id: string; key: CryptoKey } => {
    if (!open) throw new YizhengError('VAULT_LOCKED', 'The wallet is locked.');
    return open;
  };
  const same =
    (id: string) =>
    (value: unknown): void => {
      if ((value as Partial<Header> | undefined)?.id !== id) throw replaced();
    };
  const noticing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof YizhengError && error.code === 'VAULT_REPLACED') {
        await look();
        tell();
      }
      throw error;
    }
  };
  const openRecord = async (key: string, value: unknown): Promise<unknown> => {
    const { id, key: dataKey } = opened();
    if (!(value instanceof Uint8Array)) throw damaged();
    const bytes = await unseal(crypto, dataKey, value, `${id} ${key}`, 'VAULT_DAMAGED');
    return JSON.parse(new TextDecoder().decode(bytes));
  };
  const assertSame = async (): Promise<void> => same(opened().id)(await store.get(HEADER_KEY));
  const replaceLocks = async (from: Header, locks: Lock[]): Promise<void> => {
    await store.write([{ key: HEADER_KEY, value: { ...from, locks } }], same(from.id));
    tell('changed');
  };

  await look();
  channel?.addEventListener('message', ({ data }) => {
    if (data === 'locked' || data === 'replaced') void look().then(() => tell());
    else tell();
  });

  return {
    get phase() {
      return phase;
    },
    locks: async () => {
      const locks = (await header())?.locks ?? [];
      return {
        passphrase: locks.some(({ kind }) => kind === 'passphrase'),
        passkeys: locks.flatMap((lock) =>
          lock.kind === 'passkey'
            ? [{ credentialId: lock.credentialId, salt: fromBase64url(lock.salt, 'VAULT_DAMAGED'), label: lock.label }]
            : [],
        ),
      };
    },
    create: async (secret) => {
      const id = toBase64url(randomBytes(crypto, 16));
      const deviceKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ]);
      const dataKey = randomBytes(crypto, 32);
      const lock = await makeLock(secret, dataKey, { crypto, deviceKey, vaultId: id });
      const value: Header = { version: 1, id, createdAt: nowText(platform), locks: [lock] };
      await store.write(
        [
          { key: DEVICE_KEY, value: deviceKey },
          { key: HEADER_KEY, value },
        ],
        (found) => {
          if (found !== undefined) throw new YizhengError('VAULT_EXISTS', 'There is a wallet on this device already.');
        },
      );
      open = { id, key: await sealingKey(crypto, dataKey) };
      dataKey.fill(0);
      phase = 'open';
      tell('replaced');
    },
    unlock: async (secret) => {
      const { id, locks } = await held();
      const dataKey = await openLock(secret, locks, await lockContext(id));
      open = { id, key: await sealingKey(crypto, dataKey) };
      dataKey.fill(0);
      phase = 'open';
      tell();
    },
    lock: () => {
      if (phase !== 'open') return;
      open = undefined;
      phase = 'locked';
      tell('locked');
    },
    addLock: async (current, next) => {
      const from = await held();
      const context = await lockContext(from.id);
      const dataKey = await openLock(current, from.locks, context);
      const lock = await makeLock(next, dataKey, context);
      dataKey.fill(0);
      await replaceLocks(from, [...from.locks.filter((old) => !isSameLock(old, lock)), lock]);
    },
    removePasskey: async (credentialId) => {
      const from = await held();
      const rest = from.locks.filter((lock) => lock.kind !== 'passkey' || lock.credentialId !== credentialId);
      if (rest.length === 0)
        throw new YizhengError('VAULT_LAST_LOCK', 'Set a passphrase first: nothing else would open the wallet.');
      await replaceLocks(from, rest);
    },
    newPasskeySalt: () => randomBytes(crypto, 32),
    destroy: async () => {
      await store.clear();
      open = undefined;
      phase = 'new';
      tell('replaced');
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: (key) =>
      noticing(async () => {
        await assertSame();
        const value = await store.get(RECORD + key);
        return value === undefined ? undefined : openRecord(key, value);
      }),
    list: (prefix) =>
      noticing(async () => {
        await assertSame();
        const rows = await store.list(RECORD + prefix);
        return Promise.all(
          rows.map(async ([stored, value]) => {
            const key = stored.slice(RECORD.length);
            return { key, value: await openRecord(key, value) };
          }),
        );
      }),
    write: (changes) =>
      noticing(async () => {
        const { id, key: dataKey } = opened();
        const sealed = await Promise.all(
          changes.map(async ({ key, value }): Promise<StoreChange> => {
            if (value === undefined) return { key: RECORD + key, value };
            const bytes: OwnBytes = utf8(JSON.stringify(value));
            return { key: RECORD + key, value: ownBytes(await seal(crypto, dataKey, bytes, `${id} ${key}`)) };
          }),
        );
        await store.write(sealed, same(id));
        tell('changed');
      }),
  };
}

function isSameLock(a: Lock, b: Lock): boolean {
  if (a.kind === 'passphrase' || b.kind === 'passphrase') return a.kind === b.kind;
  return a.credentialId === b.credentialId;
}

function damaged(): YizhengError {
  return new YizhengError('VAULT_DAMAGED', 'What this device keeps of the wallet cannot be read; restore a backup.');
}

function replaced(): YizhengError {
  return new YizhengError('VAULT_REPLACED', 'Another tab has cleared or restored the wallet; unlock it again.');
}

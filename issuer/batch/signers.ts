import { createBulkSigner, type BulkSigner } from '../../keys/bulk-signer.js';
import type { Custody } from '../../keys/custody.js';

/** Keys whose threads are kept at a time. */
const KEPT = 2;

/** The bulk signers of a worker: threads of the keys that were used last. */
export class Signers {
  private readonly signers = new Map<string, { signer: BulkSigner; inUse: number }>();

  constructor(
    private readonly custody: Custody,
    private readonly threads: number | undefined,
  ) {}

  /** Runs `work` with the signer of a key. @throws YizhengError as `createBulkSigner`, or what `work` throws */
  async with<T>(keyId: string, work: (signer: BulkSigner) => Promise<T>): Promise<T> {
    const held = this.signers.get(keyId) ?? { signer: this.create(keyId), inUse: 0 };
    this.signers.delete(keyId);
    this.signers.set(keyId, held);
    held.inUse += 1;
    try {
      return await work(held.signer);
    } finally {
      held.inUse -= 1;
      await this.trim(KEPT);
    }
  }

  /** Ends all threads, after what they do. */
  async close(): Promise<void> {
    await this.trim(0);
  }

  private create(keyId: string): BulkSigner {
    return createBulkSigner({
      custody: this.custody,
      keyId,
      ...(this.threads === undefined ? {} : { threads: this.threads }),
    });
  }

  private async trim(kept: number): Promise<void> {
    const idle = [...this.signers].filter(([, { inUse }]) => inUse === 0);
    for (const [keyId, { signer }] of idle.slice(0, Math.max(0, this.signers.size - kept))) {
      this.signers.delete(keyId);
      await signer.close();
    }
  }
}

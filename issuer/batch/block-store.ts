import type { RowBlock } from './row-block.js';

/** Blocks that wait while others are stored. */
const MOST_WAITING = 2;

/**
 * Stores the blocks of a sheet in their order while others are made. Those that came while the ones before were stored are stored
 * together: a database takes as long to make sure of much as of little.
 */
export class BlockStore {
  private waiting: RowBlock[] = [];
  /** Ends when nothing waits any more. */
  private storing: Promise<void> | undefined;
  /** What is being stored. */
  private current: Promise<void> | undefined;

  /** @param store stores blocks in one transaction */
  constructor(private readonly store: (blocks: readonly RowBlock[]) => Promise<void>) {}

  /** Takes a block, as soon as few enough wait. @throws what storing one before threw */
  async add(block: RowBlock): Promise<void> {
    while (this.waiting.length >= MOST_WAITING) await this.current;
    this.waiting.push(block);
    if (this.storing) return;
    this.storing = this.storeAll();
    this.storing.catch(() => undefined);
  }

  /** Waits until all are stored. @throws what storing one threw */
  async end(): Promise<void> {
    await this.storing;
  }

  /** Stores no more, and waits for the end of what is being stored. */
  async abandon(): Promise<void> {
    this.waiting = [];
    await Promise.allSettled([this.storing]);
  }

  private async storeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const blocks = this.waiting;
      this.waiting = [];
      this.current = this.store(blocks);
      await this.current;
      for (const { release } of blocks) release?.();
    }
    this.storing = undefined;
  }
}

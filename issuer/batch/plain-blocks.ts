import { PlainRows } from './plain-rows.js';

/** The plain rows of a sheet, block by block: while one block is read, those before it are checked and stored. */
export class PlainBlocks {
  /** The block that is read. */
  current = new PlainRows();
  /** Memory of blocks that were stored. */
  private readonly spare: PlainRows[] = [];

  /** Ends the block that is read and begins another. @returns what it holds, until it is given back */
  next(): PlainRows {
    const ended = this.current;
    this.current = this.spare.pop() ?? new PlainRows();
    return ended;
  }

  /** Gives back a block of which nothing is needed any more: its memory is used again. */
  giveBack(block: PlainRows): void {
    block.clear();
    this.spare.push(block);
  }
}

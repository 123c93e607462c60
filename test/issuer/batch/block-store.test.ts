import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { BlockStore } from '../../../issuer/batch/block-store.js';
import type { RowBlock } from '../../../issuer/batch/row-block.js';

interface Storing {
  rows: number[];
  done: () => void;
  fail: (error: Error) => void;
}

/** A store whose ends the test decides on. */
function held(): { blocks: BlockStore; storing: Storing[]; released: number[]; block: (row: number) => RowBlock } {
  const storing: Storing[] = [];
  const released: number[] = [];
  const rowOf = ({ rows }: RowBlock): number => rows[0]?.row ?? 0;
  return {
    storing,
    released,
    blocks: new BlockStore(
      (some) =>
        new Promise((done, fail) => {
          storing.push({ rows: some.map(rowOf), done, fail });
        }),
    ),
    block: (row) => ({
      rows: [{ row, problems: [] }],
      notices: [],
      facts: new Map(),
      release: () => released.push(row),
    }),
  };
}

describe('blocks of a sheet on their way to the database', () => {
  it('are stored in their order, together where they had to wait, and given back when they are stored', async () => {
    const { blocks, storing, released, block } = held();
    for (const row of [1, 2, 3]) await blocks.add(block(row));
    let isTaken = false;
    const fourth = blocks.add(block(4)).then(() => (isTaken = true));
    await turn();
    assert.deepEqual([storing.map(({ rows }) => rows), released, isTaken], [[[1]], [], false]);
    storing[0]?.done();
    await fourth;
    assert.deepEqual([storing.map(({ rows }) => rows), released], [[[1], [2, 3]], [1]]);
    storing[1]?.done();
    await turn();
    storing[2]?.done();
    await blocks.end();
    await blocks.add(block(5));
    storing[3]?.done();
    await blocks.end();
    assert.deepEqual(
      storing.map(({ rows }) => rows),
      [[1], [2, 3], [4], [5]],
    );
    assert.deepEqual(released, [1, 2, 3, 4, 5]);
  });

  it('are stored no further when storing one failed, and who hands them over is told', async () => {
    const { blocks, storing, released, block } = held();
    await blocks.add(block(1));
    storing[0]?.fail(new Error('disk full'));
    await turn();
    await blocks.add(block(2));
    await blocks.add(block(3));
    await assert.rejects(blocks.add(block(4)), /disk full/);
    await assert.rejects(blocks.end(), /disk full/);
    await blocks.abandon();
    assert.deepEqual([storing.length, released], [1, []]);
  });

  it('are stored no further once they were abandoned, which waits for what is being stored', async () => {
    const { blocks, storing, block } = held();
    for (const row of [1, 2, 3]) await blocks.add(block(row));
    let isOver = false;
    const over = blocks.abandon().then(() => (isOver = true));
    await turn();
    assert.equal(isOver, false);
    storing[0]?.done();
    await over;
    await turn();
    assert.equal(storing.length, 1);
  });
});

import { getPriority, setPriority } from 'node:os';

/** How much this thread gives way, of 19 there are. */
const NICENESS = 10;
const NICEST = 19;

/**
 * Lets every other thread of the process have a processor before this one, so that what stores certificates, and answers requests, never
 * waits for what signs them: storing goes one after the other, signing catches up. On Linux `0` means the thread that asks
 * (setpriority(2)); elsewhere it would mean the whole process, and nothing is done.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(0, Math.min(NICEST, getPriority(0) + NICENESS));
}

import { verifierBusy } from '../verifier-busy.js';
import { ANSWER_LIFE_MS, type FoundSession, type SessionStore } from './presentation-session.js';

/** How much is kept in memory. */
export interface MemoryLimits {
  /** Most sessions. */
  sessions: number;
  /** Most characters of answers. */
  characters: number;
}

/** 5,000 requests and 64 million characters of answers. */
export const DEFAULT_MEMORY_LIMITS: MemoryLimits = { sessions: 5000, characters: 64_000_000 };

interface Kept extends FoundSession {
  eraseAt: number;
  size: number;
}

/** Sessions of one process, in memory only: a restart forgets them, and no disk ever held them. */
export function createMemorySessions(limits: MemoryLimits = DEFAULT_MEMORY_LIMITS): SessionStore {
  const sessions = new Map<string, Kept>();
  let characters = 0;
  const erase = (id: string): void => {
    characters -= sessions.get(id)?.size ?? 0;
    sessions.delete(id);
  };
  const sweep = (now: Date): void => {
    for (const [id, { eraseAt }] of sessions) if (eraseAt <= now.getTime()) erase(id);
  };
  return {
    add: (session, now) => {
      sweep(now);
      if (sessions.size >= limits.sessions || characters >= limits.characters) return Promise.reject(verifierBusy());
      sessions.set(session.id, { session, phase: 'waiting', eraseAt: Date.parse(session.expiresAt), size: 0 });
      return Promise.resolve();
    },
    find: (id, now) => {
      const kept = sessions.get(id);
      if (!kept || kept.eraseAt <= now.getTime()) return Promise.resolve(undefined);
      const { session, phase, outcome } = kept;
      return Promise.resolve({ session, phase, ...(outcome && { outcome }) });
    },
    claim: (id, now) => {
      const kept = sessions.get(id);
      if (kept?.phase !== 'waiting' || kept.eraseAt <= now.getTime()) return Promise.resolve(false);
      kept.phase = 'checking';
      return Promise.resolve(true);
    },
    release: (id) => {
      const kept = sessions.get(id);
      if (kept?.phase === 'checking') kept.phase = 'waiting';
      return Promise.resolve();
    },
    conclude: (id, outcome, now) => {
      const kept = sessions.get(id);
      if (kept?.phase === 'checking') {
        const size = JSON.stringify(outcome).length;
        characters += size;
        Object.assign(kept, { phase: outcome.phase, outcome, size, eraseAt: now.getTime() + ANSWER_LIFE_MS });
      }
      return Promise.resolve();
    },
    erase: (id) => {
      erase(id);
      return Promise.resolve();
    },
    sweep: (now) => {
      sweep(now);
      return Promise.resolve();
    },
  };
}

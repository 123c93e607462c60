import { useEffect, useState } from 'preact/hooks';
import { z } from 'zod';
import { call } from './call.js';

const namesSchema = z.object({ names: z.record(z.string(), z.string()) });
const known = new Map<string, string>();

/** Names of those who did something, by id; the id itself until the name is known. */
export function useNames(path: string, ids: readonly string[]): (id: string) => string {
  const [, setRound] = useState(0);
  const wanted = [...new Set(ids)].filter((id) => !known.has(id)).slice(0, 100);
  useEffect(() => {
    if (wanted.length === 0) return;
    let alive = true;
    call(`${path}/names?ids=${wanted.map(encodeURIComponent).join(',')}`, namesSchema).then(
      ({ names }) => {
        for (const id of wanted) known.set(id, names[id] ?? id);
        if (alive) setRound((one) => one + 1);
      },
      () => undefined,
    );
    return () => void (alive = false);
  }, [path, wanted.join(' ')]);
  return (id) => known.get(id) ?? id;
}

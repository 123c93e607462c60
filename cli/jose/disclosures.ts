import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';

const pathsSchema = z.array(z.string().min(1).max(400)).max(50);
const STEP = /([^.[\]]+)|\[(\d{1,4})\]/g;
const PATH = /^[^.[\]]+(?:\.[^.[\]]+|\[\d{1,4}\])*$/;

/**
 * Reads where claims stand: `a.b,c[0]`, or the same as a JSON list of texts.
 * @throws YizhengError `OPTION_INVALID`
 */
export function parseDisclosures(text: string | undefined): (string | number)[][] {
  if (text === undefined || text === '') return [];
  return listOf(text).map((path) => {
    if (!PATH.test(path)) throw badPaths();
    return [...path.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));
  });
}

function listOf(text: string): string[] {
  if (!text.startsWith('[')) return text.split(',').map((path) => path.trim());
  try {
    return pathsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw badPaths(cause);
  }
}

function badPaths(cause?: unknown): YizhengError {
  return new YizhengError('OPTION_INVALID', '--disclosures: expected paths like a.b,c[0].', {
    at: '--disclosures',
    cause,
  });
}

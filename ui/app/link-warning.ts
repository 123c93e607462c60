/** What is wrong with a link that is no certificate; nothing is ever opened. */
export type LinkKind = 'script' | 'foreign' | 'lookalike' | 'idn' | 'userinfo';

/** A link found where a certificate was expected. */
export interface LinkWarning {
  kind: LinkKind;
  /** Its true host as plain ASCII, where it has one. */
  host: string;
}

const SCRIPT = /^[\s\u0000-\u001f]*(?:javascript|data|vbscript|blob|file)\s*:/i;
const CONFUSABLE: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/0/g, 'o'],
  [/[1i|]/g, 'l'],
  [/5/g, 's'],
  [/[^a-z]/g, ''],
];

/**
 * Says what a text is, when it is a link.
 * @param ownHosts hosts of the reader's own verifier
 * @returns undefined for what is no link
 */
export function linkWarning(text: string, ownHosts: readonly string[]): LinkWarning | undefined {
  const trimmed = text.trim();
  if (SCRIPT.test(trimmed)) return { kind: 'script', host: '' };
  const link = /^https?:\/\//i.test(trimmed) ? parsed(trimmed) : undefined;
  if (!link) return undefined;
  const host = link.host.slice(0, 100);
  if (link.username !== '' || link.password !== '') return { kind: 'userinfo', host };
  if (/(?:^|\.)xn--/.test(link.hostname)) return { kind: 'idn', host };
  return { kind: hostWarning(link.host, ownHosts) ?? 'foreign', host };
}

/** Whether a host is made to look like one of the reader's own. */
export function hostWarning(host: string, ownHosts: readonly string[]): 'lookalike' | undefined {
  return ownHosts.some((own) => own !== host && resembles(bare(host), bare(own))) ? 'lookalike' : undefined;
}

function resembles(host: string, own: string): boolean {
  if (host === own || own.length < 6 || /^[\d.]+$|^localhost$/.test(own)) return false;
  const [ours] = own.split('.');
  const inside = `.${host}.`.includes(`.${own}.`) || host.startsWith(own.replaceAll('.', '-'));
  return (
    inside || skeleton(host) === skeleton(own) || (ours !== undefined && ours.length >= 5 && distance(host, own) <= 2)
  );
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^www\./, '');
}

/** The letters with those that look alike made the same. */
function skeleton(host: string): string {
  return CONFUSABLE.reduce((text, [pattern, letter]) => text.replace(pattern, letter), host);
}

/** Levenshtein distance; host names are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

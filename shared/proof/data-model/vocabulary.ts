import { z } from 'zod';

const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

/** An absolute URL (VC Data Model 2.0 §4.4): has a scheme, holds no space. */
export const absoluteUrl = z.string().max(2300).regex(SCHEME, 'must be a URL');

const typeName = z.string().min(1).max(300);
/** One or more types, as text or list (§4.5). */
export const types = z.union([typeName, z.array(typeName).min(1).max(20)]);

const languageTag = z.string().regex(/^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/, 'must be a language tag');
/** Text with its language and base direction (§11.1); nothing else may stand in it. */
export const languageValue = z.strictObject({
  '@value': z.string().max(5000),
  '@language': languageTag.optional(),
  '@direction': z.enum(['ltr', 'rtl']).optional(),
});
const localised = z.union([z.string().max(5000), languageValue]);
/** A name or description (§4.6): text, language value, or several of them. */
export const nameOrDescription = z.union([localised, z.array(localised).min(1).max(50)]);

/** One object or a list of them. */
export function oneOrMore<T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodArray<T>]> {
  return z.union([schema, z.array(schema).min(1).max(50)]);
}

/** An extension point (§4.10, §5.4–5.6): its type must stand there, its id, if any, is a URL; it is never dereferenced. */
export const typed = z.looseObject({ type: types, id: absoluteUrl.optional() });
/** `credentialSchema` (§4.11): type and URL. */
export const typedWithId = z.looseObject({ type: types, id: absoluteUrl });

/** A thing that is named by its URL, as text or as object with `id` (issuer, holder). */
export const named = z.union([
  absoluteUrl,
  z.looseObject({
    id: absoluteUrl,
    name: nameOrDescription.optional(),
    description: nameOrDescription.optional(),
  }),
]);

/** The URL of {@link named}. */
export function idOf(thing: z.infer<typeof named>): string {
  return typeof thing === 'string' ? thing : thing.id;
}

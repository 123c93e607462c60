import { z } from 'zod';

/** What an institution chose about its paper. */
export const layoutSchema = z.object({
  layout: z.object({
    accent: z.string(),
    ornament: z.string(),
    certificateQueryUrl: z.string().optional(),
    institutionQueryUrl: z.string().optional(),
    serialPrefix: z.string(),
  }),
  hasSeal: z.boolean(),
});
/** See {@link layoutSchema}. */
export type Layout = z.infer<typeof layoutSchema>;

/** A print run. */
export const runSchema = z.object({
  id: z.string(),
  perSheet: z.number(),
  certificates: z.number(),
  serials: z.object({ first: z.string(), last: z.string() }).optional(),
  files: z.number(),
  madeBy: z.string(),
  madeAt: z.string(),
});
/** See {@link runSchema}. */
export type Run = z.infer<typeof runSchema>;

/** Print runs, newest first. */
export const runsSchema = z.object({ runs: z.array(runSchema) });

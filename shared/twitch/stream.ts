import * as z from "zod/mini";

/** A stream that is live on Twitch. Times are milliseconds since the epoch. */
export const streamSchema = z.object({
  id: z.string(),
  userId: z.string(),
  userLogin: z.string(),
  title: z.string(),
  categoryName: z.string(),
  /** With the size filled in; empty if Twitch has no picture yet. */
  thumbnailUrl: z.string(),
  startedAtMs: z.number(),
});

export type Stream = z.infer<typeof streamSchema>;

import * as z from "zod/mini";
import type { TaskDefinition } from "./define-event.ts";

const schema = z.object({
  id: z.string(),
  builderId: z.string(),
  /** When the stream ended, in milliseconds since the epoch. */
  endedAtMs: z.number(),
});

export type VodLinkDue = z.infer<typeof schema>;

/** A builder's stream has ended: its orders get the permanent video link once Twitch has the video. */
export const vodLinkDue: TaskDefinition<VodLinkDue> = { queue: "vod-link", schema };

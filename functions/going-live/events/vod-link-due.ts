import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** A builder's stream has ended: its orders get the permanent video link once Twitch has the video. */
export const vodLinkDue = defineTask({
  queue: "vod-link",
  schema: z.object({
    id: z.string(),
    builderId: z.string(),
    /** When the stream ended, in milliseconds since the epoch. */
    endedAtMs: z.number(),
  }),
});

import * as z from "zod/mini";
import { defineEvent } from "../../../shared/events/define-event.ts";
import { streamSchema } from "../../../shared/twitch/stream.ts";

/** A builder went live to chat or with a drop, to be announced in a channel. */
export const announcementRequested = defineEvent({
  topic: "announcements",
  schema: z.object({
    id: z.string(),
    goLiveId: z.string(),
    kind: z.enum(["chat", "drop"]),
    builderId: z.string(),
    stream: streamSchema,
    /** When Twitch confirmed that they are live: too long ago, and nothing is posted any more. */
    verifiedAtMs: z.number(),
  }),
});

export type Announcement = z.infer<typeof announcementRequested.schema>;

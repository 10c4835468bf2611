import * as z from "zod/mini";
import type { OutgoingMessage } from "../clients/discord.ts";
import { defineEvent } from "./define-event.ts";

/** A message that is sent along with what it tells of, by itself. A file cannot be. */
export type Notice = Omit<OutgoingMessage, "file">;

/**
 * Someone has to be notified: a user by DM, or the operators in their channel. The id is the key under
 * which it is sent once.
 */
export const noticeDue = defineEvent({
  topic: "notices",
  schema: z.object({
    id: z.string(),
    /** A Discord user; the operators where there is none. */
    userId: z.optional(z.string()),
    message: z.custom<Notice>((value) => typeof value === "object" && value !== null),
  }),
});

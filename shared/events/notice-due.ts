import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

const label = { label: z.string(), disabled: z.optional(z.boolean()) };
const style = z.enum(["primary", "secondary", "success", "danger"]);
const pressed = z.object({ ...label, id: z.string(), style });
const opening = z.object({ ...label, url: z.string() });

/**
 * A notice to a Discord user by DM or, without `userId`, to the operators in their channel. It is sent once per id.
 * The message is one of `messages/`, without a file.
 */
export const noticeDue = defineEvent({
  topic: "notices",
  schema: z.object({
    id: z.string(),
    userId: z.optional(z.string()),
    /** An order of the user; a button under the message opens its page. The event has no link, because links are secret. */
    orderPage: z.optional(z.string()),
    message: z.object({
      content: z.optional(z.string()),
      embeds: z.optional(z.array(z.looseObject({}))),
      buttons: z.optional(z.array(z.union([pressed, opening]))),
      pings: z.optional(
        z.object({
          users: z.optional(z.array(z.string())),
          roles: z.optional(z.array(z.string())),
        }),
      ),
    }),
  }),
});

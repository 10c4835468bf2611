import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

/**
 * Someone used a slash command that is answered later. `id` is the interaction's id; `token` edits
 * its answer for 15 minutes: https://discord.com/developers/docs/interactions/receiving-and-responding
 */
export const discordCommandReceived = defineEvent({
  topic: "discord-commands",
  schema: z.object({
    id: z.string(),
    token: z.string(),
    /** The command's words: "c500 live". */
    command: z.string(),
    userId: z.string(),
    guildId: z.optional(z.string()),
    channelId: z.optional(z.string()),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  attributes: (event) => ({ command: event.command }),
});

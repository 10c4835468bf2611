import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

/** The functions that finish commands. */
export const commandHandlers = [
  "fulfilment",
  "go-live",
  "shop",
  "shipping",
  "auction-control",
  "race-control",
  "wallet",
] as const;

/** A function that finishes commands. */
export type CommandHandler = (typeof commandHandlers)[number];

/**
 * Someone used a slash command, pressed a button, chose from a select or sent a form that is answered later. `id` is the
 * interaction's id; `token` edits its answer for 15 minutes:
 * https://discord.com/developers/docs/interactions/receiving-and-responding
 */
export const discordCommandReceived = defineEvent({
  topic: "discord-commands",
  schema: z.object({
    id: z.string(),
    token: z.string(),
    /** The command's words, or the name of the button, select or form: "c500 live", "drop-buy". */
    command: z.string(),
    /** The function that finishes it. */
    handler: z.enum(commandHandlers),
    userId: z.string(),
    /** The user's name in the server or DM. */
    userName: z.optional(z.string()),
    /** Their Discord username, which nobody else can take. */
    accountName: z.optional(z.string()),
    /** The channel in which it was used; absent in some DMs. */
    channelId: z.optional(z.string()),
    /** Whether the user may post in that channel, by the permissions that Discord reports. */
    mayPost: z.optional(z.boolean()),
    /** Whether the user manages the community's server. */
    isStaff: z.boolean(),
    /** The user's avatar. */
    avatarUrl: z.optional(z.url()),
    /** A command's options, the parts of a button, what was chosen in a select, a form's fields. */
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  attributes: ({ command, handler }) => ({ command, handler }),
});

export type DiscordCommand = z.infer<typeof discordCommandReceived.schema>;

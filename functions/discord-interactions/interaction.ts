import * as z from "zod/mini";

/** Kinds of interaction we answer, by Discord's numbers. */
export const InteractionType = { ping: 1, command: 2, autocomplete: 4 } as const;

/** Kinds of answer we give, by Discord's numbers. */
export const ResponseType = { pong: 1, message: 4, deferredMessage: 5, choices: 8 } as const;

/** Only the asker sees the message. */
export const EPHEMERAL = 64;

const SUB_COMMAND = 1;
const SUB_COMMAND_GROUP = 2;

const option = z.object({
  name: z.string(),
  type: z.number(),
  value: z.optional(z.union([z.string(), z.number(), z.boolean()])),
  focused: z.optional(z.boolean()),
});
const optionWithin = z.extend(option, { options: z.optional(z.array(option)) });
const data = z.object({
  name: z.string(),
  options: z.optional(z.array(z.extend(option, { options: z.optional(z.array(optionWithin)) }))),
});
const user = z.object({ id: z.string() });
const used = {
  id: z.string().check(z.minLength(1)),
  token: z.string().check(z.minLength(1)),
  data,
  guild_id: z.optional(z.string()),
  channel_id: z.optional(z.string()),
  member: z.optional(z.object({ user })),
  user: z.optional(user),
};

/**
 * What we read of an interaction.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
 */
export const interactionSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal(InteractionType.ping) }),
  z.object({ type: z.literal(InteractionType.command), ...used }),
  z.object({ type: z.literal(InteractionType.autocomplete), ...used }),
]);

export type Interaction = z.infer<typeof interactionSchema>;
export type CommandInteraction = Extract<
  Interaction,
  { type: typeof InteractionType.command | typeof InteractionType.autocomplete }
>;
export type InteractionOption = z.infer<typeof option>;

/** Who acted: in a server the member's user, in a DM the user. Undefined when Discord names nobody. */
export function actingUserId(interaction: CommandInteraction): string | undefined {
  return interaction.member?.user.id ?? interaction.user?.id;
}

/** A command's words and options: subcommands are unfolded, so "c500" with "live" is "c500 live". */
export function unfold({ data: command }: CommandInteraction): {
  words: string;
  options: readonly InteractionOption[];
} {
  const words = [command.name];
  let options: readonly z.infer<typeof optionWithin>[] = command.options ?? [];
  let [first] = options;
  while (first && (first.type === SUB_COMMAND || first.type === SUB_COMMAND_GROUP)) {
    words.push(first.name);
    options = first.options ?? [];
    [first] = options;
  }
  return { words: words.join(" "), options };
}

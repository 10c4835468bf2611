import * as z from "zod/mini";
import { isSnowflake } from "../documents/outside-id.ts";
import { singleLine } from "../text/text.ts";

/** Discord's numbers for the interactions we answer. */
export const InteractionType = {
  ping: 1,
  command: 2,
  component: 3,
  autocomplete: 4,
  form: 5,
} as const;

/** Discord's numbers for the answers we give. */
export const ResponseType = {
  pong: 1,
  message: 4,
  deferredMessage: 5,
  choices: 8,
  form: 9,
} as const;

/** The flag of a message that only the user sees. */
export const EPHEMERAL = 64;

const SUB_COMMAND = 1;
const SUB_COMMAND_GROUP = 2;
/** https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags */
const ADMINISTRATOR = 1n << 3n;
const MANAGE_GUILD = 1n << 5n;
const VIEW_CHANNEL = 1n << 10n;
const SEND_MESSAGES = 1n << 11n;
const SEND_MESSAGES_IN_THREADS = 1n << 38n;
/** https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);

/** https://discord.com/developers/docs/reference#image-formatting */
const PICTURES = "https://cdn.discordapp.com";
const DEFAULT_PICTURES = 6n;

const option = z.object({
  name: z.string(),
  type: z.number(),
  value: z.optional(z.union([z.string(), z.number(), z.boolean()])),
  focused: z.optional(z.boolean()),
});
const optionWithin = z.extend(option, { options: z.optional(z.array(option)) });
const attachment = z.object({
  filename: z.string(),
  url: z.string(),
  size: z.number(),
  content_type: z.optional(z.string()),
});
const resolved = z.optional(
  z.object({ attachments: z.optional(z.record(z.string(), attachment)) }),
);
const commandData = z.object({
  name: z.string(),
  resolved,
  options: z.optional(z.array(z.extend(option, { options: z.optional(z.array(optionWithin)) }))),
});
const field = z.object({
  custom_id: z.string(),
  value: z.optional(z.string()),
  values: z.optional(z.array(z.string())),
});
const formData = z.object({
  custom_id: z.string(),
  components: z.array(
    z.object({ component: z.optional(field), components: z.optional(z.array(field)) }),
  ),
  resolved,
});
const snowflake = z.string().check(z.refine(isSnowflake));
const user = z.object({
  id: snowflake,
  username: z.optional(z.string()),
  global_name: z.optional(z.nullable(z.string())),
  avatar: z.optional(z.nullable(z.string())),
});
const used = {
  id: snowflake,
  token: z.string().check(z.minLength(1)),
  guild_id: z.optional(snowflake),
  channel_id: z.optional(snowflake),
  channel: z.optional(z.object({ type: z.optional(z.int()) })),
  member: z.optional(
    z.object({
      user,
      nick: z.optional(z.nullable(z.string())),
      permissions: z._default(z.string().check(z.regex(/^\d{1,30}$/)), "0"),
    }),
  ),
  user: z.optional(user),
};

/**
 * The fields of an interaction that we read.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
 */
export const interactionSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal(InteractionType.ping) }),
  z.object({ type: z.literal(InteractionType.command), data: commandData, ...used }),
  z.object({ type: z.literal(InteractionType.autocomplete), data: commandData, ...used }),
  z.object({
    type: z.literal(InteractionType.component),
    // A button has no values.
    data: z.object({ custom_id: z.string(), values: z.optional(z.array(z.string())) }),
    ...used,
  }),
  z.object({ type: z.literal(InteractionType.form), data: formData, ...used }),
]);

export type Interaction = z.infer<typeof interactionSchema>;
type Used<T extends number> = Extract<Interaction, { type: T }>;
export type CommandInteraction =
  | Used<typeof InteractionType.command>
  | Used<typeof InteractionType.autocomplete>;
export type ComponentInteraction = Used<typeof InteractionType.component>;
export type FormInteraction = Used<typeof InteractionType.form>;
export type UserInteraction = CommandInteraction | ComponentInteraction | FormInteraction;
export type InteractionOption = z.infer<typeof option>;
export type Attachment = z.infer<typeof attachment>;

/** The acting user's id: the member's in a server, the user's in a DM. Undefined if Discord names nobody. */
export function actingUserId(interaction: UserInteraction): string | undefined {
  return interaction.member?.user.id ?? interaction.user?.id;
}

/** The acting user's name: the first non-empty one of their nickname, display name and username. */
export function actingUserName({ member, user: inDm }: UserInteraction): string | undefined {
  const acting = member?.user ?? inDm;
  const names = [member?.nick, acting?.global_name, acting?.username];
  return names.map((name) => singleLine(name ?? "")).find((name) => name !== "");
}

/** The acting user's unique Discord username; nicknames and display names are not unique. */
export function actingAccountName({ member, user: inDm }: UserInteraction): string | undefined {
  return singleLine((member?.user ?? inDm)?.username ?? "") || undefined;
}

/** The acting user's avatar: their own, or Discord's default for their id. */
export function avatarOf({ member, user: inDm }: UserInteraction): string | undefined {
  const acting = member?.user ?? inDm;
  if (!acting || !/^\d{1,20}$/.test(acting.id)) return undefined;
  const { id, avatar } = acting;
  if (avatar && /^\w{1,100}$/.test(avatar)) return `${PICTURES}/avatars/${id}/${avatar}.png`;
  return `${PICTURES}/embed/avatars/${(BigInt(id) >> 22n) % DEFAULT_PICTURES}.png`;
}

/** Whether the user manages this server. Permissions in other servers do not count. */
export function managesServer({ member, guild_id }: UserInteraction, serverId: string): boolean {
  if (!member || guild_id !== serverId) return false;
  return (BigInt(member.permissions) & (ADMINISTRATOR | MANAGE_GUILD)) !== 0n;
}

/**
 * Whether the user may post in the channel in which they act. The permissions that Discord reports include the
 * channel's overwrites; in a DM the answer is always yes.
 */
export function mayPostThere({ member, channel }: UserInteraction): boolean {
  if (!member) return true;
  const permissions = BigInt(member.permissions);
  if ((permissions & ADMINISTRATOR) !== 0n) return true;
  const posting = THREADS.has(channel?.type ?? 0) ? SEND_MESSAGES_IN_THREADS : SEND_MESSAGES;
  return (permissions & VIEW_CHANNEL) !== 0n && (permissions & posting) !== 0n;
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

/** A form's fields by name: texts, and the files of each upload. */
export function fieldsOf({ data }: FormInteraction): {
  texts: ReadonlyMap<string, string>;
  files: ReadonlyMap<string, readonly Attachment[]>;
} {
  const fields = data.components.flatMap(({ component, components }) =>
    component ? [component] : (components ?? []),
  );
  const texts = new Map(fields.map(({ custom_id, value }) => [custom_id, value ?? ""]));
  const attachments = data.resolved?.attachments ?? {};
  const files = fields.map(({ custom_id, values = [] }): [string, Attachment[]] => [
    custom_id,
    values.flatMap((id) => (Object.hasOwn(attachments, id) ? (attachments[id] ?? []) : [])),
  ]);
  return { texts, files: new Map(files) };
}

import type { Directory } from "../state/directory.ts";
import { permissionBits } from "../state/permissions.ts";
import type { Channel, Message, User } from "../state/records.ts";

/** Message types: a plain message, "pinned a message", a reply, and the answer to a command or a button. */
const TYPES = { plain: 0, pinned: 6, reply: 19, commandAnswer: 20 } as const;

/** https://discord.com/developers/docs/resources/channel#overwrite-object */
const OVERWRITE_OF_MEMBER = 1;

/** The type of an interaction caused by a command; answers to buttons are plain messages. */
const COMMAND = 2;

/**
 * A message as the API returns it:
 * https://discord.com/developers/docs/resources/message#message-object
 */
export function messageJson(message: Message, directory: Directory) {
  const { interaction, poll, nonce, announcesPinOf } = message;
  const refersTo = message.repliesTo ?? announcesPinOf;
  const author = directory.user(message.authorId);
  const applicationId = directory.bot.id;
  return {
    id: message.id,
    type: typeOf(message),
    channel_id: message.channelId,
    author: userJson(author),
    content: message.content,
    timestamp: new Date(message.createdAtMs).toISOString(),
    edited_timestamp:
      message.editedAtMs === undefined ? null : new Date(message.editedAtMs).toISOString(),
    tts: message.tts,
    mention_everyone: message.mentions.everyone,
    mentions: message.mentions.users.map((id) => userJson(directory.user(id))),
    mention_roles: message.mentions.roles,
    attachments: message.attachments,
    embeds: message.embeds.map((embed) => ({ type: "rich", ...embed })),
    components: message.components,
    pinned: message.pinnedAtMs !== undefined,
    flags: message.flags,
    ...(author.bot && { application_id: applicationId }),
    ...(nonce !== undefined && { nonce }),
    ...(poll && { poll }),
    ...(refersTo !== undefined && {
      message_reference: { type: 0, channel_id: message.channelId, message_id: refersTo },
    }),
    ...(interaction && {
      webhook_id: applicationId,
      interaction_metadata: {
        id: interaction.id,
        type: interaction.type,
        user: userJson(directory.user(interaction.userId)),
        authorizing_integration_owners: {},
      },
    }),
  };
}

/** https://discord.com/developers/docs/resources/user#user-object */
export function userJson(user: User) {
  return { ...user, public_flags: 0 };
}

/** https://discord.com/developers/docs/resources/channel#channel-object */
export function channelJson(channel: Channel, directory: Directory) {
  if (channel.kind === "dm") {
    return {
      id: channel.id,
      type: 1,
      flags: 0,
      last_message_id: null,
      recipients: [userJson(directory.user(channel.userId))],
    };
  }
  const { id, type, name, guildId, botMay, topic = null } = channel;
  const ofBot = { id: directory.bot.id, type: OVERWRITE_OF_MEMBER, ...permissionBits(botMay) };
  const ofOthers = channel.overwrites.map((other) => ({ allow: "0", deny: "0", ...other }));
  const permission_overwrites = [ofBot, ...ofOthers];
  return { id, type, name, topic, guild_id: guildId, flags: 0, position: 0, permission_overwrites };
}

function typeOf({ interaction, repliesTo, announcesPinOf }: Message): number {
  if (announcesPinOf !== undefined) return TYPES.pinned;
  if (interaction?.type === COMMAND) return TYPES.commandAnswer;
  return repliesTo === undefined ? TYPES.plain : TYPES.reply;
}

import type {
  APIAllowedMentions,
  APIEmbed,
  APIMessageTopLevelComponent,
} from "discord-api-types/v10";
import * as z from "zod/mini";
import { MessageFlag } from "../state/records.ts";
import { checkComponents, messageComponents } from "./components.ts";
import { embeds } from "./embeds.ts";
import { integer, list, maybe, readForm, report, snowflake, text } from "./form.ts";

// https://discord.com/developers/docs/resources/message#create-message
const MAX_CONTENT = 2000;
const MAX_NONCE = 25;
const MAX_ATTACHMENTS = 10;

// https://discord.com/developers/docs/resources/message#allowed-mentions-object
const MAX_ALLOWED_IDS = 100;

const idList = list(snowflake, MAX_ALLOWED_IDS);

const allowedMentions = z
  .object({
    parse: maybe(z.array(z.literal(["users", "roles", "everyone"]))),
    users: maybe(idList),
    roles: maybe(idList),
    replied_user: maybe(z.boolean()),
  })
  .check((payload) => {
    for (const kind of ["users", "roles"] as const) {
      if (!payload.value.parse?.includes(kind) || !payload.value[kind]?.length) continue;
      const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
      report(payload, [], "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
    }
  });

/** The fields that all message forms share; each kind of call accepts some more. */
const content = {
  content: maybe(text(MAX_CONTENT)),
  embeds: maybe(embeds),
  components: maybe(messageComponents),
  allowed_mentions: maybe(allowedMentions),
  flags: maybe(integer(0, Number.MAX_SAFE_INTEGER)),
  poll: maybe(z.record(z.string(), z.unknown())),
  attachments: maybe(
    list(
      z.object({
        id: snowflake,
        filename: maybe(text(1024, 1)),
        description: maybe(text(1024)),
      }),
      MAX_ATTACHMENTS,
    ),
  ),
};

const nonce = z.union([z.string(), z.int()]).check((payload) => {
  if (String(payload.value).length > MAX_NONCE) {
    report(payload, [], "BASE_TYPE_MAX_LENGTH", `Must be ${MAX_NONCE} or fewer in length.`);
  }
});

const creation = z
  .object({
    ...content,
    tts: maybe(z.boolean()),
    nonce: maybe(nonce),
    enforce_nonce: maybe(z.boolean()),
    message_reference: maybe(
      z.object({ message_id: maybe(snowflake), fail_if_not_exists: maybe(z.boolean()) }),
    ),
  })
  .check((payload) => checkComponents(payload, isV2(payload.value.flags)));

const change = z.object(content);

/** The body of a new message. */
export type MessageForm = Omit<z.infer<typeof creation>, FieldsRetyped> & Retyped;

/** The body of an edit; absent fields stay unchanged. */
export type EditForm = Omit<z.infer<typeof change>, FieldsRetyped> & Retyped;

type FieldsRetyped = "embeds" | "components" | "allowed_mentions";

/** The same fields, with the types of discord-api-types. */
interface Retyped {
  embeds?: APIEmbed[] | null | undefined;
  components?: APIMessageTopLevelComponent[] | null | undefined;
  allowed_mentions?: APIAllowedMentions | null | undefined;
}

/** Flags that a message sent to a channel may carry. */
export const CHANNEL_MESSAGE_FLAGS =
  MessageFlag.suppressEmbeds |
  MessageFlag.suppressNotifications |
  MessageFlag.isVoiceMessage |
  MessageFlag.isComponentsV2;

/** Flags that a response to an interaction may carry. */
export const RESPONSE_FLAGS = CHANNEL_MESSAGE_FLAGS | MessageFlag.ephemeral;

/** Flags that an edit may set. */
export const EDIT_FLAGS = MessageFlag.suppressEmbeds | MessageFlag.isComponentsV2;

/** Parses the body of a new message; `flags` are the permitted ones. */
export function readMessage(body: unknown, flags: number): MessageForm {
  return readForm(withFlags(creation, flags), body) as MessageForm;
}

/** Parses an edit of a message whose current flags are `flagsBefore`. */
export function readEdit(body: unknown, flagsBefore: number): EditForm {
  const schema = withFlags(change, EDIT_FLAGS | flagsBefore).check((payload) =>
    checkComponents(payload, isV2(payload.value.flags) || isV2(flagsBefore)),
  );
  return readForm(schema, body) as EditForm;
}

/** Whether a message with these flags consists of V2 components only. */
export function isV2(flags: number | null | undefined): boolean {
  return ((flags ?? 0) & MessageFlag.isComponentsV2) !== 0;
}

function withFlags<Schema extends typeof creation | typeof change>(
  schema: Schema,
  allowed: number,
) {
  return schema.check((payload) => {
    const flags = payload.value.flags ?? 0;
    // BigInt, because flags can be wider than the 32 bits of JavaScript's bitwise operators.
    if (BigInt(flags) & ~BigInt(allowed)) {
      report(payload, ["flags"], "BASE_TYPE_CHOICES", "Flags that cannot be set here.");
    }
  }) as Schema;
}

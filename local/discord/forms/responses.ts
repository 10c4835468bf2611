import * as z from "zod/mini";
import { refusals } from "../discord-error.ts";
import { MessageFlag } from "../state/records.ts";
import { fieldError, integer, list, maybe, readForm, report, text } from "./form.ts";
import {
  type EditForm,
  type MessageForm,
  RESPONSE_FLAGS,
  readEdit,
  readMessage,
} from "./messages.ts";
import { type Modal, modal } from "./modals.ts";

/** Interaction types by Discord's numbers. */
export const InteractionType = {
  ping: 1,
  command: 2,
  component: 3,
  autocomplete: 4,
  modalSubmit: 5,
} as const;

/** Interaction response types by Discord's numbers. */
export const ResponseType = {
  pong: 1,
  message: 4,
  deferredMessage: 5,
  deferredUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete
const MAX_CHOICES = 25;
const MAX_CHOICE_TEXT = 100;

/** A response that is valid for its interaction. */
export type InteractionResponse =
  | { readonly type: 1 | 6 }
  | { readonly type: 4; readonly data: MessageForm }
  | { readonly type: 5; readonly ephemeral: boolean }
  | { readonly type: 7; readonly data: EditForm }
  | { readonly type: 8; readonly data: { readonly choices: readonly Choice[] } }
  | { readonly type: 9; readonly data: Modal };

/** The interaction that a response belongs to. */
export interface Answered {
  readonly type: number;
  /** The type of the focused option's values, for autocomplete. */
  readonly focusedType: number | undefined;
  /** The flags of the component's message, when the interaction came from a component. */
  readonly messageFlags: number | undefined;
}

const STRING_OPTION = 3;

const choice = z.object({
  name: text(MAX_CHOICE_TEXT, 1),
  name_localizations: maybe(z.record(z.string(), z.string())),
  value: z.union([z.string(), z.number()]).check((payload) => {
    if (String(payload.value).length > MAX_CHOICE_TEXT) {
      const message = `Must be ${MAX_CHOICE_TEXT} or fewer in length.`;
      report(payload, [], "BASE_TYPE_MAX_LENGTH", message);
    }
  }),
});
type Choice = z.infer<typeof choice>;

/**
 * Response types by interaction type. Type 10 is retired and 12 is for Activities, which this
 * application is not.
 */
const ALLOWED: Readonly<Record<number, readonly number[]>> = {
  [InteractionType.ping]: [1],
  [InteractionType.command]: [4, 5, 9],
  [InteractionType.component]: [4, 5, 6, 7, 9],
  [InteractionType.autocomplete]: [8],
  [InteractionType.modalSubmit]: [4, 5, 6, 7],
};

const deferral = z.object({ data: maybe(z.object({ flags: maybe(integer(0, 2 ** 31 - 1)) })) });
const choices = z.object({ data: z.object({ choices: list(choice, MAX_CHOICES) }) });
const modalAnswer = z.object({ data: modal });
const anyAnswer = z.object({ type: z.int(), data: z.optional(z.unknown()) });

/** Parses a response. Throws 50035 as Discord does when it is invalid. */
export function readResponse(body: unknown, answered: Answered): InteractionResponse {
  const { type, data } = readForm(anyAnswer, body);
  const updates = type === ResponseType.deferredUpdate || type === ResponseType.update;
  const allowed = ALLOWED[answered.type] ?? [];
  if (!allowed.includes(type) || (updates && answered.messageFlags === undefined)) {
    const message = `Value must be one of {${allowed.join(", ")}}.`;
    throw refusals.invalidForm(fieldError(["type"], "BASE_TYPE_CHOICES", message));
  }
  switch (type) {
    case ResponseType.message:
      return { type, data: within(() => readMessage(data ?? {}, RESPONSE_FLAGS)) };
    case ResponseType.deferredMessage:
      return { type, ephemeral: readDeferral(body) };
    case ResponseType.update:
      return { type, data: within(() => readEdit(data ?? {}, answered.messageFlags ?? 0)) };
    case ResponseType.choices:
      return { type, data: readChoices(body, answered.focusedType) };
    case ResponseType.modal:
      return { type, data: readForm(modalAnswer, body).data };
    case ResponseType.deferredUpdate:
      return { type };
    default:
      return { type: ResponseType.pong };
  }
}

function readDeferral(body: unknown): boolean {
  const flags = readForm(deferral, body).data?.flags ?? 0;
  if (flags & ~MessageFlag.ephemeral) {
    const message = "A deferred answer can only be EPHEMERAL (64).";
    throw refusals.invalidForm(fieldError(["data", "flags"], "BASE_TYPE_CHOICES", message));
  }
  return flags !== 0;
}

function readChoices(body: unknown, focusedType: number | undefined) {
  const { data } = readForm(choices, body);
  for (const [index, { value }] of data.choices.entries()) {
    if (focusedType === undefined) break;
    if ((typeof value === "string") === (focusedType === STRING_OPTION)) continue;
    const path = ["data", "choices", index, "value"];
    const message = "The value is not of the option's type.";
    throw refusals.invalidForm(
      fieldError(path, "APPLICATION_COMMAND_INVALID_CHOICE_TYPE", message),
    );
  }
  return data;
}

/** Nests a message's errors under `data`, where a response carries the message. */
function within<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const errors = (error as { errors?: object }).errors;
    if (!errors) throw error;
    throw refusals.invalidForm({ data: { ...errors } });
  }
}

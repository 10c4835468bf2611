import * as z from "zod/mini";
import { integer, lengthOf, list, maybe, report, text } from "./form.ts";

// https://discord.com/developers/docs/interactions/application-commands
const MAX_OPTIONS = 25;
const MAX_CHOICES = 25;
const MAX_NAME = 32;
const MAX_DESCRIPTION = 100;
const MAX_CHOICE_TEXT = 100;
const MAX_ALL_TEXT = 8000;
const MAX_STRING = 6000;
const MAX_FILE_TYPES = 10;

/** Option types by Discord's numbers. */
export const OptionType = {
  subCommand: 1,
  subCommandGroup: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

/** The type of a slash command; the other types are chosen from a menu. */
export const CHAT_INPUT = 1;
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const commandName = text(MAX_NAME, 1).check((payload) => {
  const { value } = payload;
  if (NAME.test(value) && value === value.toLowerCase()) return;
  report(payload, [], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
});
const description = text(MAX_DESCRIPTION, 1);
const localizations = maybe(z.record(z.string(), z.string()));

/** A choice that an option offers. */
interface ChoiceDefinition {
  name: string;
  value: string | number;
}

/** An option of a command, or a subcommand. */
export interface OptionDefinition {
  type: number;
  name: string;
  description: string;
  required?: boolean | null | undefined;
  choices?: ChoiceDefinition[] | null | undefined;
  options?: OptionDefinition[] | null | undefined;
  autocomplete?: boolean | null | undefined;
  min_value?: number | null | undefined;
  max_value?: number | null | undefined;
  min_length?: number | null | undefined;
  max_length?: number | null | undefined;
  channel_types?: number[] | null | undefined;
  file_types?: string[] | null | undefined;
}

const choice = z.object({
  name: text(MAX_CHOICE_TEXT, 1),
  name_localizations: localizations,
  value: z.union([text(MAX_CHOICE_TEXT), z.number()]),
});

const option: z.ZodMiniType<OptionDefinition> = z.lazy(() =>
  z
    .object({
      type: integer(OptionType.subCommand, OptionType.attachment),
      name: commandName,
      name_localizations: localizations,
      description,
      description_localizations: localizations,
      required: maybe(z.boolean()),
      choices: maybe(list(choice, MAX_CHOICES)),
      options: maybe(list(option, MAX_OPTIONS).check(checkOptions)),
      autocomplete: maybe(z.boolean()),
      min_value: maybe(z.number()),
      max_value: maybe(z.number()),
      min_length: maybe(integer(0, MAX_STRING)),
      max_length: maybe(integer(1, MAX_STRING)),
      channel_types: maybe(z.array(z.int())),
      file_types: maybe(list(z.string(), MAX_FILE_TYPES)),
    })
    .check(checkOption),
);

/** A command's registration. */
export const command = z
  .object({
    name: text(MAX_NAME, 1),
    name_localizations: localizations,
    description: maybe(text(MAX_DESCRIPTION)),
    description_localizations: localizations,
    type: maybe(integer(1, 4)),
    options: maybe(list(option, MAX_OPTIONS).check(checkOptions)),
    default_member_permissions: maybe(z.string().check(z.regex(/^\d+$/))),
    dm_permission: maybe(z.boolean()),
    nsfw: maybe(z.boolean()),
    integration_types: maybe(z.array(integer(0, 1))),
    contexts: maybe(z.array(integer(0, 2))),
  })
  .check((payload) => {
    const { type, name, description: about, options } = payload.value;
    if ((type ?? CHAT_INPUT) !== CHAT_INPUT) return;
    if (!NAME.test(name) || name !== name.toLowerCase()) {
      report(payload, ["name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
    if (!about) report(payload, ["description"], "BASE_TYPE_REQUIRED", "This field is required");
    for (const [index, { type: optionType, options: inner }] of (options ?? []).entries()) {
      if (optionType !== OptionType.subCommandGroup) continue;
      const deeper = inner?.findIndex((each) => each.type !== OptionType.subCommand) ?? -1;
      if (deeper < 0) continue;
      const path = ["options", index, "options", deeper, "type"];
      const message = "A group can only contain subcommands";
      report(payload, path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    if (textLength({ name, description: about ?? "", options }) > MAX_ALL_TEXT) {
      const message = `Command exceeds maximum size (${MAX_ALL_TEXT})`;
      report(payload, [], "APPLICATION_COMMAND_TOO_LARGE", message);
    }
  });

/** The validated registration of a command. */
export type CommandForm = z.infer<typeof command>;

function checkOptions(payload: z.core.ParsePayload<OptionDefinition[]>): void {
  const names = new Set<string>();
  let sawOptional = false;
  let sawNested = false;
  for (const [index, { name, required, type }] of payload.value.entries()) {
    if (names.has(name)) {
      const message = "Option names must be unique";
      report(payload, [index, "name"], "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message);
    }
    names.add(name);
    if (required && sawOptional) {
      const message = "Required options must be placed before non-required options";
      report(payload, [index], "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
    }
    sawOptional ||= !required;
    const nested = isNested(type);
    if (index > 0 && nested !== sawNested) {
      const message = "A command cannot have both subcommands and options";
      report(payload, [index], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    sawNested = nested;
  }
}

function checkOption(payload: z.core.ParsePayload<OptionDefinition>): void {
  const { type, choices, autocomplete, options } = payload.value;
  const typed =
    type === OptionType.string || type === OptionType.integer || type === OptionType.number;
  const refuse = (field: string, message: string) =>
    report(payload, [field], "APPLICATION_COMMAND_OPTIONS_INVALID_FIELD", message);
  if (choices?.length && autocomplete) {
    refuse("autocomplete", "Choices and autocomplete are mutually exclusive");
  }
  if ((choices?.length || autocomplete) && !typed) {
    refuse(
      autocomplete ? "autocomplete" : "choices",
      "Options of this type do not support this field",
    );
  }
  if (options?.length && !isNested(type)) {
    refuse("options", "Only subcommands and groups can have options");
  }
  for (const [index, { value }] of (choices ?? []).entries()) {
    if ((typeof value === "string") === (type === OptionType.string)) continue;
    const message = "The value is not of the option's type";
    report(
      payload,
      ["choices", index, "value"],
      "APPLICATION_COMMAND_INVALID_CHOICE_TYPE",
      message,
    );
  }
}

/** Whether an option is a subcommand or a subcommand group. */
export function isNested(type: number): boolean {
  return type === OptionType.subCommand || type === OptionType.subCommandGroup;
}

function textLength(definition: Partial<OptionDefinition>): number {
  const own = lengthOf(definition.name ?? "") + lengthOf(definition.description ?? "");
  const choices = (definition.choices ?? []).map(
    ({ name, value }) => lengthOf(name) + lengthOf(String(value)),
  );
  const inner = (definition.options ?? []).map(textLength);
  return [...choices, ...inner].reduce((sum, length) => sum + length, own);
}

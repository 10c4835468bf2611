import type { Command } from "../surroundings.ts";

/** An option of a command as it was registered. */
export interface Option {
  readonly name: string;
  readonly type: number;
  readonly description: string;
  readonly required?: boolean | null | undefined;
  readonly choices?:
    | readonly { readonly name: string; readonly value: string | number }[]
    | null
    | undefined;
  readonly options?: readonly Option[] | null | undefined;
  readonly autocomplete?: boolean | null | undefined;
  readonly min_value?: number | null | undefined;
  readonly max_value?: number | null | undefined;
  readonly min_length?: number | null | undefined;
  readonly max_length?: number | null | undefined;
}

/** Option types by Discord's numbers. */
export const OptionType = {
  subCommand: 1,
  group: 2,
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

/** A command that can be run: with its subcommand, "c500 live". */
export interface Runnable {
  readonly name: string;
  readonly description: string;
  /** Required ones first, as registered. */
  readonly options: readonly Option[];
}

/** The commands that someone may run, in alphabetical order. */
export function runnables(commands: readonly Command[], permissions: bigint): readonly Runnable[] {
  return commands
    .filter(({ type }) => (type ?? 1) === 1)
    .filter(({ default_member_permissions: needed }) => mayUse(permissions, needed))
    .flatMap(({ name, description, options }) => within(name, description ?? "", options ?? []))
    .sort((one, other) => one.name.localeCompare(other.name));
}

const ADMINISTRATOR = 1n << 3n;

function mayUse(permissions: bigint, needed: string | null | undefined): boolean {
  if (needed === null || needed === undefined) return true;
  if ((permissions & ADMINISTRATOR) !== 0n) return true;
  return (permissions & BigInt(needed)) === BigInt(needed);
}

function within(
  name: string,
  description: string,
  options: readonly Option[],
): readonly Runnable[] {
  const isNested = ({ type }: Option) =>
    type === OptionType.subCommand || type === OptionType.group;
  if (!options.some(isNested)) return [{ name, description, options }];
  return options.flatMap((each) =>
    within(`${name} ${each.name}`, each.description, each.options ?? []),
  );
}

/** What someone entered for an option: the text they see and, if it was chosen, its value. */
export interface Entry {
  readonly text: string;
  readonly value?: string | number | boolean;
  readonly file?: File;
}

const lengthOf = (text: string) => [...text].length;

/** Why an entry cannot be sent; undefined if it can. */
export function problemOf(option: Option, entry: Entry | undefined): string | undefined {
  const isEmpty = entry === undefined || (entry.text.trim() === "" && !entry.file);
  if (isEmpty) return option.required ? `${option.name} is required` : undefined;
  const { type, choices, min_value: least, max_value: most, max_length: longest } = option;
  if (needsChoice(option) && entry.value === undefined) {
    return choices?.length
      ? `${option.name} must be one of the list`
      : `Choose ${option.name} from the list`;
  }
  if (type === OptionType.integer || type === OptionType.number) {
    const number = Number(entry.value ?? entry.text);
    if (!Number.isFinite(number)) return `${option.name} must be a number`;
    if (type === OptionType.integer && !Number.isSafeInteger(number))
      return `${option.name} must be a whole number`;
    if (number < (least ?? number)) return `${option.name} must be at least ${least}`;
    if (number > (most ?? number)) return `${option.name} must be at most ${most}`;
  }
  if (type === OptionType.string) {
    const length = lengthOf(String(entry.value ?? entry.text));
    if (length < (option.min_length ?? 0))
      return `${option.name} needs at least ${option.min_length} characters`;
    if (length > (longest ?? length)) return `${option.name} takes at most ${longest} characters`;
  }
  return undefined;
}

/** Whether only a value from a list can be sent. */
export function needsChoice({ type, choices }: Option): boolean {
  const isListed: readonly number[] = [
    OptionType.boolean,
    OptionType.user,
    OptionType.channel,
    OptionType.role,
    OptionType.mentionable,
  ];
  return isListed.includes(type) || Boolean(choices?.length);
}

/** An entry as it is sent, without files. */
export function sentValue({ type }: Option, entry: Entry): string | number | boolean {
  if (entry.value !== undefined) return entry.value;
  const isNumber = type === OptionType.integer || type === OptionType.number;
  return isNumber ? Number(entry.text) : entry.text;
}

/**
 * Reads a whole command that was typed or pasted, such as "/c500 register code:A1", as soon as its
 * name is complete and followed by a space.
 */
export function readTyped(
  text: string,
  commands: readonly Runnable[],
): { readonly command: Runnable; readonly entries: Readonly<Record<string, Entry>> } | undefined {
  const command = commands.find(({ name }) => text.startsWith(`/${name} `));
  if (!command) return undefined;
  if (command.options.length === 0) return { command, entries: {} };
  const names = command.options.map(({ name }) => name).join("|");
  const parts = text.slice(command.name.length + 2).split(new RegExp(`(?:^|\\s)(${names}):`));
  const entries: Record<string, Entry> = {};
  for (let index = 1; index < parts.length; index += 2) {
    entries[parts[index] ?? ""] = { text: (parts[index + 1] ?? "").trim() };
  }
  return { command, entries };
}

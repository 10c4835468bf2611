import { isNested, type OptionDefinition, OptionType } from "../forms/commands.ts";
import { lengthOf } from "../forms/form.ts";
import { memberJson } from "../rest/member-json.ts";
import { channelJson, userJson } from "../rest/message-json.ts";
import type { World } from "../state/world.ts";

/** A file that a user attached. */
export interface ChosenFile {
  readonly filename: string;
  readonly url: string;
  readonly contentType?: string;
  readonly size?: number;
}

/** A value that a user typed or chose. Users, roles and channels are given by id. */
export type OptionValue = string | number | boolean | ChosenFile;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** A command that a user runs. */
export interface CommandUse {
  /** The command with its subcommands: "c500 live". */
  readonly name: string;
  readonly options?: OptionValues;
  /** The option being typed, for autocomplete. */
  readonly focused?: string;
}

/** Thrown for an action that no Discord client allows. */
export class ImpossibleError extends Error {
  override name = "ImpossibleError";
}

/** The `data` of a command's interaction, and the type of the focused option. */
export interface CommandData {
  readonly data: object;
  readonly focusedType: number | undefined;
}

/**
 * Builds what Discord sends for a command and its options. A registered command's definition
 * restricts the options, as a client does. For other commands the option types are inferred from
 * the values.
 */
export function commandData(
  use: CommandUse,
  guildId: string | undefined,
  world: World,
): CommandData {
  const [name = "", ...path] = use.name.split(" ");
  const command = world.commands.available(guildId, name);
  const definitions = command && descend(command.options ?? [], path);
  const isPartial = use.focused !== undefined;
  if (definitions && !isPartial) requireAll(definitions, use.options ?? {});
  const resolved = new Resolved(world, guildId !== undefined);
  const typed = { ...use.options };
  if (use.focused !== undefined) typed[use.focused] ??= "";
  let focusedType: number | undefined;
  const options = Object.entries(typed).map(([optionName, value]) => {
    const definition = definitions?.find((each) => each.name === optionName);
    if (definitions && !definition) {
      throw new ImpossibleError(`/${use.name} has no option ${optionName}`);
    }
    const type = definition?.type ?? guessType(value);
    const focused = use.focused === optionName;
    if (focused) focusedType = type;
    else if (definition) checkValue(definition, value);
    const sent = resolved.valueOf(type, value);
    return { name: optionName, type, value: sent, ...(focused ? { focused } : {}) };
  });
  const nested = path.reduceRight<object[]>((inner, word, depth) => {
    const isGroup = path.length === 2 && depth === 0;
    const type = isGroup ? OptionType.subCommandGroup : OptionType.subCommand;
    return [{ name: word, type, options: inner }];
  }, options);
  const data = {
    id: command?.id ?? world.snowflakes.next(),
    name,
    type: 1,
    ...(command?.guildId === undefined ? {} : { guild_id: command.guildId }),
    ...(nested.length > 0 ? { options: nested } : {}),
    ...resolved.json(),
  };
  return { data, focusedType };
}

function descend(
  options: readonly OptionDefinition[],
  path: readonly string[],
): readonly OptionDefinition[] {
  const [word, ...rest] = path;
  if (word === undefined) {
    if (!options.some(({ type }) => isNested(type))) return options;
    throw new ImpossibleError("A command with subcommands needs a subcommand");
  }
  const found = options.find(({ name, type }) => name === word && isNested(type));
  if (!found) throw new ImpossibleError(`There is no subcommand ${word}`);
  return descend(found.options ?? [], rest);
}

function requireAll(definitions: readonly OptionDefinition[], values: OptionValues): void {
  const missing = definitions.find(({ name, required }) => required && values[name] === undefined);
  if (missing) throw new ImpossibleError(`The option ${missing.name} is required`);
}

function checkValue(definition: OptionDefinition, value: OptionValue): void {
  const { name, type, choices, min_value, max_value, min_length, max_length } = definition;
  const wrong = (what: string) => new ImpossibleError(`The option ${name} ${what}`);
  const expected = JAVASCRIPT_TYPES[type];
  if (expected && typeof value !== expected) throw wrong(`must be a ${expected}`);
  if (type === OptionType.integer && !Number.isSafeInteger(value)) throw wrong("must be whole");
  if (choices?.length && !choices.some((choice) => choice.value === value)) {
    throw wrong("must be one of its choices");
  }
  if (typeof value === "number") {
    if (value < (min_value ?? value) || value > (max_value ?? value))
      throw wrong("is out of range");
  }
  if (typeof value === "string" && type === OptionType.string) {
    const length = lengthOf(value);
    if (length < (min_length ?? 0) || length > (max_length ?? length)) {
      throw wrong("is too short or too long");
    }
  }
}

const JAVASCRIPT_TYPES: Readonly<Record<number, string>> = {
  [OptionType.string]: "string",
  [OptionType.integer]: "number",
  [OptionType.boolean]: "boolean",
  [OptionType.user]: "string",
  [OptionType.channel]: "string",
  [OptionType.role]: "string",
  [OptionType.mentionable]: "string",
  [OptionType.number]: "number",
  [OptionType.attachment]: "object",
};

function guessType(value: OptionValue): number {
  if (typeof value === "string") return OptionType.string;
  if (typeof value === "boolean") return OptionType.boolean;
  if (typeof value === "object") return OptionType.attachment;
  return Number.isInteger(value) ? OptionType.integer : OptionType.number;
}

/**
 * The objects behind the ids that a user chose:
 * https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-resolved-data-structure
 */
export class Resolved {
  #world: World;
  #inGuild: boolean;
  #found: Record<string, Record<string, object>> = {};

  constructor(world: World, inGuild: boolean) {
    this.#world = world;
    this.#inGuild = inGuild;
  }

  /** Adds the object behind the value, if any, and returns the value as it is sent. */
  valueOf(type: number, value: OptionValue): string | number | boolean {
    if (typeof value === "object") return this.file(value);
    const id = String(value);
    const { directory } = this.#world;
    if (type === OptionType.user || (type === OptionType.mentionable && directory.knowsUser(id))) {
      this.user(id);
    } else if (type === OptionType.role || type === OptionType.mentionable) {
      this.role(id);
    } else if (type === OptionType.channel) {
      this.channel(id);
    }
    return value;
  }

  user(id: string): void {
    const { directory } = this.#world;
    this.#add("users", id, userJson(directory.user(id)));
    if (this.#inGuild) this.#add("members", id, memberJson(directory.membership(id)));
  }

  role(id: string): void {
    const role = this.#world.directory.role(id);
    if (!role) throw new ImpossibleError(`There is no user or role ${id}`);
    this.#add("roles", id, { id, name: role.name, mentionable: role.mentionable });
  }

  channel(id: string): void {
    const { directory } = this.#world;
    this.#add("channels", id, channelJson(directory.channel(id), directory));
  }

  /** Assigns an id to a chosen file and returns the id. */
  file({ filename, url, contentType = "application/octet-stream", size = 1 }: ChosenFile): string {
    const id = this.#world.snowflakes.next();
    const ephemeral = true;
    const json = { id, filename, url, proxy_url: url, content_type: contentType, size, ephemeral };
    this.#add("attachments", id, json);
    return id;
  }

  /** Empty when no chosen value needs a resolved object. */
  json(): { resolved?: object } {
    return Object.keys(this.#found).length > 0 ? { resolved: this.#found } : {};
  }

  #add(kind: string, id: string, json: object): void {
    this.#found[kind] = { ...this.#found[kind], [id]: json };
  }
}

import { isDeepStrictEqual } from "node:util";
import { commands, groups } from "../../../../functions/ingress/commands.ts";
import { registrationBody } from "../../../../shared/discord/definitions/registration.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an option that are compared, with the defaults that Discord fills in. */
const OPTION_DEFAULTS: Fields = {
  required: false,
  autocomplete: false,
  min_value: null,
  max_value: null,
  min_length: null,
  max_length: null,
};

/** The names of commands that differ between our table and Discord, or that only one of them has. */
export function differingCommands(registered: readonly Fields[]): string[] {
  const ours = new Map(
    registrationBody(commands, groups).map((each) => [each.name, canonical({ ...each })]),
  );
  const theirs = new Map(registered.map((each) => [String(each["name"]), canonical(each)]));
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(ours.get(name), theirs.get(name)));
}

function canonical(command: Fields): Fields {
  return {
    name: command["name"],
    type: command["type"] ?? 1,
    description: command["description"],
    default_member_permissions: command["default_member_permissions"] ?? null,
    options: optionsOf(command),
  };
}

function optionsOf(parent: Fields): Fields[] {
  return ((parent["options"] ?? []) as Fields[]).map((option) => ({
    ...OPTION_DEFAULTS,
    ...Object.fromEntries(
      Object.keys(OPTION_DEFAULTS)
        .filter((name) => option[name] !== undefined)
        .map((name) => [name, option[name]]),
    ),
    type: option["type"],
    name: option["name"],
    description: option["description"],
    channel_types: option["channel_types"] ?? [],
    choices: ((option["choices"] ?? []) as Fields[]).map(({ name, value }) => ({ name, value })),
    options: optionsOf(option),
  }));
}

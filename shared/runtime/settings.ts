import * as z from "zod/mini";

/** A setting's definition, apart from its name. */
export interface SettingDefinition {
  /** Parses the value from the environment; a `z.optional` one may be missing. */
  readonly schema: z.ZodMiniType<unknown, string | undefined>;
  /** What it is for, as `docs/reference/settings.md` shows it. */
  readonly description: string;
  /** The default, as it would be written in the environment. */
  readonly default?: string;
  /** Whether it comes from Secret Manager; the others are plain variables. */
  readonly secret?: true;
  /** The form of a value, if the name does not show it. */
  readonly form?: string;
}

/** Settings by their names. */
export type SettingDefinitions = Readonly<Record<string, SettingDefinition>>;
/** The types of their parsed values. */
export type Parsed<D extends SettingDefinitions> = {
  readonly [N in keyof D]: z.output<D[N]["schema"]>;
};

/** A text that is not empty. */
export const text = z.string().check(z.trim(), z.minLength(1));
/** Several texts, separated by commas. */
export const list = z.pipe(
  text,
  z.transform((value) => value.split(",").map((part) => part.trim())),
);
/** Several secrets while one replaces another. None of them is empty: anyone could use that. */
export const secrets = z.pipe(list, z.array(text));

/** One or more settings are missing or malformed; the message names each. The start must stop. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Parses a setting's value, or its default. */
export function parseSetting({ schema, default: otherwise }: SettingDefinition, value?: string) {
  return schema.safeParse(value ?? otherwise);
}

/**
 * Parses settings. A setting with a default may be left out; so may an optional one.
 * Throws ConfigError naming every missing or malformed one; values never appear in the message.
 */
export function readSettings<D extends SettingDefinitions>(
  environment: Readonly<Record<string, string | undefined>>,
  definitions: D,
): Parsed<D> {
  const problems: string[] = [];
  const parsed = Object.entries(definitions).map(([name, definition]) => {
    const value = environment[name] === "" ? undefined : environment[name];
    const result = parseSetting(definition, value);
    if (!result.success) {
      const expected = definition.form === undefined ? "" : ` (expected: ${definition.form})`;
      problems.push(value === undefined ? `${name} is missing` : `${name} is malformed${expected}`);
    }
    return [name, result.data];
  });
  if (problems.length > 0) throw new ConfigError(`Bad configuration: ${problems.join(", ")}.`);
  return Object.fromEntries(parsed) as Parsed<D>;
}

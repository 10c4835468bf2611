import * as z from "zod/mini";

/** What is known of a setting beside its name. */
export interface SettingDefinition {
  /** Parses the value as it stands in the environment; one of `z.optional` may be left out. */
  readonly schema: z.ZodMiniType<unknown, string | undefined>;
  /** What it is for, as `docs/reference/settings.md` shows it. */
  readonly description: string;
  /** The value where none is given, spelt as in the environment. */
  readonly default?: string;
  /** It comes from Secret Manager; the rest are plain variables. */
  readonly secret?: true;
  /** What a value looks like, where the name does not say it. */
  readonly form?: string;
}

/** Settings by their names. */
export type SettingDefinitions = Readonly<Record<string, SettingDefinition>>;
/** What their values are once they have been parsed. */
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

/** Parses a setting's value, or its default where there is none. */
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

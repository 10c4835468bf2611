import { ConfigError } from "../../shared/runtime/settings.ts";
import { nearest } from "../cli/nearest.ts";
import { settingNames } from "./function-settings.ts";
import { toolSettings } from "./tool-settings.ts";

/** Other programs use these prefixes too: a name with one of them may not be ours. */
const SHARED_WORDS = ["CLOUD", "FUNCTION", "FUNCTIONS", "GOOGLE", "TASKS"];

const known: readonly string[] = [...settingNames, ...Object.keys(toolSettings)];
const ownWords = new Set(known.map(firstWord).filter((word) => !SHARED_WORDS.includes(word)));

/** A name that nothing reads, and the known name most like it. */
export interface UnknownName {
  readonly name: string;
  readonly nearest: string | undefined;
}

/**
 * The given names that nothing reads: the person who typed them expects an effect. In an environment, which
 * has other programs' variables too, only names with our prefixes count.
 */
export function unknownNames(
  names: readonly string[],
  from: "file" | "environment",
): UnknownName[] {
  return names
    .filter((name) => !known.includes(name))
    .filter((name) => (from === "file" ? !isForLibraries(name) : ownWords.has(firstWord(name))))
    .map((name) => ({ name, nearest: nearest(name, known) }));
}

/** Describes an unknown name, with the known one that was probably meant. */
export function describeUnknown({ name, nearest }: UnknownName): string {
  const hint = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
  return `there is no setting ${name}${hint}`;
}

/** Throws ConfigError if the environment has a name that looks like one of our settings but is not. */
export function refuseUnknownNames(
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const given = Object.keys(environment).filter((name) => environment[name]);
  const unknown = unknownNames(given, "environment");
  if (unknown.length === 0) return;
  throw new ConfigError(`Bad configuration: ${unknown.map(describeUnknown).join("; ")}.`);
}

/** Google's libraries, its command line and the emulators read these: they may appear beside our settings. */
const LIBRARY_NAMES = ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT"];

function isForLibraries(name: string): boolean {
  return LIBRARY_NAMES.includes(name) || /^(GCLOUD|CLOUDSDK)_|_EMULATOR_HOST$/.test(name);
}

function firstWord(name: string): string {
  return name.slice(0, name.indexOf("_") >>> 0);
}

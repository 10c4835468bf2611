import { ConfigError } from "../../shared/runtime/settings.ts";
import { nearest } from "../cli/nearest.ts";
import { settingNames } from "./function-settings.ts";
import { toolSettings } from "./tool-settings.ts";

/** These first words are used by other programs too: a name with one of them need not be meant for us. */
const SHARED_WORDS = ["CLOUD", "FUNCTION", "FUNCTIONS", "GOOGLE", "TASKS"];

const known: readonly string[] = [...settingNames, ...Object.keys(toolSettings)];
const ownWords = new Set(known.map(firstWord).filter((word) => !SHARED_WORDS.includes(word)));

/** A name that nothing reads, and the known one that is most like it. */
export interface UnknownName {
  readonly name: string;
  readonly nearest: string | undefined;
}

/**
 * The names that were given but that nothing reads: the person who typed them expects an effect. Of an
 * environment, which has variables of other programs in it, only names that begin as ours do.
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

/** Says of an unknown name what may have been meant. */
export function describeUnknown({ name, nearest }: UnknownName): string {
  const hint = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
  return `there is no setting ${name}${hint}`;
}

/** Throws ConfigError where the environment has a name that looks like a setting of ours and is none. */
export function refuseUnknownNames(
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const given = Object.keys(environment).filter((name) => environment[name]);
  const unknown = unknownNames(given, "environment");
  if (unknown.length === 0) return;
  throw new ConfigError(`Bad configuration: ${unknown.map(describeUnknown).join("; ")}.`);
}

/** Google's libraries, its command line and the emulators read these: they may stand beside our settings. */
const LIBRARY_NAMES = ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT"];

function isForLibraries(name: string): boolean {
  return LIBRARY_NAMES.includes(name) || /^(GCLOUD|CLOUDSDK)_|_EMULATOR_HOST$/.test(name);
}

function firstWord(name: string): string {
  return name.slice(0, name.indexOf("_") >>> 0);
}

import { functionNames } from "../../../../functions/manifest.ts";
import { isId } from "../../../../shared/documents/outside-id.ts";
import { UsageError } from "../../../cli/command-line.ts";

/** A function's name as typed, if one was given. */
export function functionNamed(given: string | undefined): string | undefined {
  if (given === undefined || functionNames.some((name) => name === given)) return given;
  throw new UsageError(`There is no function "${given}". There are ${functionNames.join(", ")}.`);
}

/** A whole number as typed, if one was given. */
export function wholeNumber(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new UsageError(`${option} must be a whole number above 0.`);
}

/** The ids that a command takes, without duplicates. */
export function deadLetterIds(positionals: readonly string[]): string[] {
  // A dead letter's id is its function's and its message's, joined by a dot.
  const bad = positionals.find((id) => !id.split(".").every(isId));
  if (bad !== undefined) {
    throw new UsageError(
      `"${bad}" is not the id of a dead letter: copy it from ./dev ops dead-letters list, without dead_letters/.`,
    );
  }
  return [...new Set(positionals)];
}

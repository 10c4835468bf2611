import { type Blocked, stopped } from "./step.ts";

/**
 * A step that a value of the shell is wrong for, or may be. Nobody can get past it in this run, which keeps the
 * environment that it was started with.
 */
export function stoppedByShell(
  why: string,
  names: readonly string[],
  over = "what you type and c500.env",
): Blocked {
  const are = names.length === 1 ? `${names[0]} is` : `${names.join(" and ")} are`;
  const unset = `unset ${names.join(" ")}`;
  return stopped(
    why,
    `${are} set in your shell, which takes precedence over ${over}. Run: ${unset}`,
  );
}

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { environment } from "../../../shared/runtime/config.ts";

const ROOT = new URL("../../../", import.meta.url);

/** A command's output and exit code. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `./dev` with these arguments. */
export function dev(...args: string[]): Promise<Said> {
  return devIn(fileURLToPath(ROOT), {}, args);
}

/** Runs it in another folder, with additional environment variables. */
export function devIn(
  folder: string,
  more: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<Said> {
  const script = readFileSync(new URL("dev", ROOT), "utf8");
  const [, words = ""] = /exec node (.+) "\$@"/.exec(script) ?? [];
  const flags = words
    .split(" ")
    .map((word) => (word.endsWith(".ts") ? fileURLToPath(new URL(word, ROOT)) : word));
  const env = { ...environment, ...more };
  const child = spawn(process.execPath, [...flags, ...args], { cwd: folder, env });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

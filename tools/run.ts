import { spawn } from "node:child_process";
import { environment } from "../local/kit/environment.ts";

/**
 * Runs a program with this process's input and output; returns its exit code. The signal ends it.
 */
export function run(
  program: string,
  args: readonly string[],
  extra: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...environment, ...extra } });
    const end = () => child.kill();
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      signal?.removeEventListener("abort", end);
      resolve(code ?? 1);
    });
  });
}

/** The Go programs among ours collect garbage this rarely: a quarter less processor time for some more memory. */
const RARE_GARBAGE_COLLECTION = { GOGC: "400" };

/** Runs a program in `node_modules/.bin`; returns its exit code and what it printed. */
export function runUnseen(
  name: string,
  ...args: string[]
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(`node_modules/.bin/${name}`, args, {
      env: { ...RARE_GARBAGE_COLLECTION, ...environment },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

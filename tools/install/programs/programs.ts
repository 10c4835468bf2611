import { spawn } from "node:child_process";
import { environment } from "../../../local/kit/environment.ts";
import { InterruptedError } from "../../setup/ask.ts";

/** How a program ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs the programs that cannot be called over HTTP: `gcloud`, which alone may sign a person in, `terraform`, and
 * `./dev build`.
 */
export interface Programs {
  /** Runs a program to its end. Its output is shown as well, if wanted; code 127 means that it is not installed. */
  run(program: string, args: readonly string[], isShown?: boolean): Promise<Ended>;
}

const NOT_FOUND = 127;

/**
 * This machine's programs, run in a folder. Ctrl+C reaches the program too, which is waited for: Terraform writes its
 * state and releases its lock before it ends, and could do neither with nobody reading what it prints. Then `run`
 * throws InterruptedError.
 */
export function programsIn(folder: string): Programs {
  return {
    run: (program, args, isShown = false) =>
      new Promise((resolve, reject) => {
        const stdio = [isShown ? "inherit" : "ignore", "pipe", "pipe"] as const;
        const child = spawn(program, args, { cwd: folder, env: environment, stdio: [...stdio] });
        let output = "";
        let isInterrupted = false;
        const interrupt = () => {
          isInterrupted = true;
        };
        process.on("SIGINT", interrupt);
        for (const stream of [child.stdout, child.stderr]) {
          stream?.setEncoding("utf8").on("data", (text: string) => {
            output += text;
            if (isShown) process.stdout.write(text);
          });
        }
        child.once("error", (error: NodeJS.ErrnoException) => {
          process.off("SIGINT", interrupt);
          if (error.code === "ENOENT") resolve({ code: NOT_FOUND, output: "" });
          else reject(error);
        });
        child.once("close", (code) => {
          process.off("SIGINT", interrupt);
          if (isInterrupted) reject(new InterruptedError("Stopped."));
          else resolve({ code: code ?? 1, output });
        });
      }),
  };
}

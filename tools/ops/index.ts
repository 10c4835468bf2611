import { createInterface } from "node:readline/promises";
import { openInstallation } from "./installation.ts";
import { runOps } from "./run-ops.ts";
import { written } from "./write-out.ts";

const { stdin, stdout, stderr } = process;

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: stdin, output: stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

process.exitCode = await runOps(process.argv.slice(2), {
  out: stdout,
  err: stderr,
  ask: stdin.isTTY ? ask : undefined,
  open: openInstallation,
});
await written(stdout);
process.exit();

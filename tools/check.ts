import { runJest } from "./jest.ts";
import { runInstalled } from "./run.ts";

/** What must pass before the tests, and what to do when it does not. */
const gates = [
  { name: "types", program: ["tsc", "-p", "."], remedy: "Mend the type errors above." },
  {
    name: "format and lint",
    program: ["biome", "ci", "--error-on-warnings", "."],
    remedy: "Run node_modules/.bin/biome check --write . and mend what is left.",
  },
  {
    name: "dead code",
    program: ["knip"],
    remedy: "Delete what is listed above; nothing uses it.",
  },
] as const;

let failedGates = 0;
for (const { name, program, remedy } of gates) {
  process.stdout.write(`── ${name}\n`);
  if ((await runInstalled(...(program as unknown as [string, ...string[]]))) === 0) continue;
  failedGates += 1;
  process.stderr.write(`${name} failed. ${remedy}\n`);
}

process.stdout.write("── tests\n");
const { passed, failed } = await runJest("ours", []);
process.stdout.write(`Gates failed: ${failedGates}. Tests passed: ${passed}, failed: ${failed}.\n`);
process.exitCode = failedGates > 0 || failed > 0 ? 1 : 0;

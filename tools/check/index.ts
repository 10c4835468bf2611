import { runUnseen } from "../run.ts";
import { IN_PROCESS_ONLY, runJest } from "../test/jest.ts";

/** Each checker checks the libraries' types again, and other programs use the second processor meanwhile. */
const types = (project: string, file: string) =>
  ["tsc", "-p", project, "--checkers", "1", "--incremental", "--tsBuildInfoFile", file] as const;

/** What must pass before the tests, and what to do when it fails. */
const gates = [
  {
    name: "types",
    program: types(".", ".local/types.tsbuildinfo"),
    remedy: "Fix the type errors above.",
  },
  {
    name: "types of the studio's page",
    program: types("studio/app", ".local/types-of-studio.tsbuildinfo"),
    remedy: "Fix the type errors above.",
  },
  {
    name: "format and lint",
    program: ["biome", "ci", "--error-on-warnings", "."],
    remedy: "Run node_modules/.bin/biome check --write . and fix what remains.",
  },
  {
    name: "dead code",
    program: ["knip", "--cache", "--cache-location", ".local/knip"],
    remedy: "Delete what is listed above; nothing uses it.",
  },
] as const;

let failedGates = 0;
const running = gates.map(({ program: [name, ...args] }) => runUnseen(name, ...args));
for (const [index, { name, remedy }] of gates.entries()) {
  process.stdout.write(`── ${name}\n`);
  const { code, output } = (await running[index]) ?? { code: 1, output: "" };
  if (code === 0) continue;
  failedGates += 1;
  process.stderr.write(`${output}${name} failed. ${remedy}\n`);
}

process.stdout.write("── tests\n");
const { passed, failed } = await runJest("in-process", IN_PROCESS_ONLY);
process.stdout.write(`Gates failed: ${failedGates}. Tests passed: ${passed}, failed: ${failed}.\n`);
process.exitCode = failedGates > 0 || failed > 0 ? 1 : 0;

import { parseArgs } from "node:util";
import { type FunctionName, functionNames } from "../../functions/manifest.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { buildFunction } from "./build-function.ts";
import { measureColdStart } from "./cold-start.ts";
import { FUNCTIONS_JSON, writeFunctionsJson } from "./functions-json.ts";
import { keepBuild, type Measured, readLastBuild } from "./last-build.ts";
import { tableOf } from "./table.ts";

const USAGE = `./dev build [NAME …] [--no-cold-starts]

Bundles each function, or those named, into dist/<name>/ and packs it as dist/<name>.zip; writes
${FUNCTIONS_JSON}. Shows sizes and cold starts beside the last build's.
`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  complain(describeError(error));
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const asked = readArguments();
  if (!asked) return 1;
  const { names, coldStarts } = asked;
  const before = readLastBuild();
  writeFunctionsJson();
  say(`Building ${names.length} function${names.length === 1 ? "" : "s"}…`);
  const built: Measured[] = [];
  for (const name of names) built.push(await buildFunction(name));
  const failures: string[] = [];
  const measured = coldStarts ? await withColdStarts(built, failures) : built;
  keepBuild(before, measured);
  for (const line of tableOf(measured, before)) say(line);
  for (const failure of failures) complain(`\n${failure}`);
  return failures.length === 0 ? 0 : 1;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { "no-cold-starts": { type: "boolean", default: false } },
    });
    const unknown = positionals.filter((name) => !isFunction(name));
    if (unknown.length === 0) {
      const names = positionals.length > 0 ? positionals.filter(isFunction) : functionNames;
      return { names, coldStarts: !values["no-cold-starts"] };
    }
    complain(`There is no function ${unknown.join(", ")}. There are: ${functionNames.join(", ")}.`);
  } catch (error) {
    complain(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
  return undefined;
}

function isFunction(name: string): name is FunctionName {
  return (functionNames as readonly string[]).includes(name);
}

/** Measures one after the other. A function that does not start is a failure, and stops no other. */
async function withColdStarts(
  built: readonly Measured[],
  failures: string[],
): Promise<readonly Measured[]> {
  say("Starting each on its own…");
  const measured: Measured[] = [];
  for (const one of built) {
    try {
      measured.push({ ...one, coldStartMs: await measureColdStart(one.name as FunctionName) });
    } catch (error) {
      measured.push(one);
      failures.push(describeError(error));
    }
  }
  return measured;
}

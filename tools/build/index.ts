import { type FunctionName, functionNames } from "../../functions/manifest.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import { readTyped, UsageError } from "../cli/command-line.ts";
import { devCommand } from "../cli/commands.ts";
import { nearest } from "../cli/nearest.ts";
import { type Built, buildFunction } from "./build-function.ts";
import { measureColdStart } from "./cold-start.ts";
import { writeFunctionsJson } from "./functions-json.ts";
import { keepBuild, type Measured, readLastBuild } from "./last-build.ts";
import { tableOf } from "./table.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  const { names, coldStarts } = readAsked();
  const before = readLastBuild();
  writeFunctionsJson();
  say(`Building ${names.length} function${names.length === 1 ? "" : "s"}…`);
  const built = await buildAll(names);
  const failures: string[] = [];
  const measured = coldStarts ? await withColdStarts(built, failures) : built;
  keepBuild(before, measured);
  for (const line of tableOf(measured, before)) say(line);
  for (const failure of failures) complain(`\n${failure}`);
  return failures.length === 0 ? 0 : 1;
}

/** Two at a time: one is packed in this process while esbuild's bundles the other. */
async function buildAll(names: readonly FunctionName[]): Promise<readonly Built[]> {
  const built = new Map<FunctionName, Built>();
  const waiting = [...names];
  const buildNext = async (): Promise<void> => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      built.set(name, await buildFunction(name));
    }
  };
  await Promise.all([buildNext(), buildNext()]);
  return names.flatMap((name) => built.get(name) ?? []);
}

function readAsked() {
  const { words, switches } = readTyped(devCommand("build"), process.argv.slice(2));
  const unknown = words.find((name) => !isFunction(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, functionNames);
    const hint = near ? ` Did you mean ${near}?` : "";
    throw new UsageError(
      `There is no function ${unknown}.${hint} There are: ${functionNames.join(", ")}.`,
    );
  }
  const names = words.length > 0 ? words.filter(isFunction) : functionNames;
  return { names, coldStarts: !switches.has("no-cold-starts") };
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

import { contextHere } from "../checks/here.ts";
import { written } from "../ops/write-out.ts";
import { readArguments, USAGE } from "./arguments.ts";
import { runSetup } from "./run.ts";

const MISUSED = 2;

const asked = readArguments(process.argv.slice(2));
if (!asked) {
  process.stderr.write(USAGE);
  process.exit(MISUSED);
}
const { name, ...context } = await contextHere();
process.stdout.write(`Setting up ${name}.\n\n`);
const { stdin: input, stdout: output } = process;
process.exitCode = await runSetup({ ...context, ...asked, input, output });
await written(process.stdout);
process.exit();

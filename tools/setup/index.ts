import { contextHere } from "../doctor/checks/here.ts";
import { written } from "../ops/write-out.ts";
import { readArguments } from "./arguments.ts";
import { runSetup } from "./run.ts";

const asked = readArguments(process.argv.slice(2));
const { name, ...context } = await contextHere();
process.stdout.write(`Setting up ${name}.\n\n`);
const { stdin: input, stdout: output } = process;
process.exitCode = await runSetup({ ...context, ...asked, input, output });
await written(process.stdout);
process.exit();

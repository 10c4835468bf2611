import { contextHere } from "../checks/here.ts";
import { written } from "../ops/write-out.ts";
import { runSetup } from "./run.ts";

const { name, ...context } = await contextHere();
process.stdout.write(`Setting up ${name}.\n\n`);
process.exitCode = await runSetup({ ...context, input: process.stdin, output: process.stdout });
await written(process.stdout);
process.exit();

import { written } from "../ops/write-out.ts";
import { contextHere } from "./checks/here.ts";
import { runDoctor } from "./run.ts";

const { name, ...context } = await contextHere();
process.stdout.write(`Looking at ${name}.\n\n`);
process.exitCode = await runDoctor({ ...context, output: process.stdout });
await written(process.stdout);
process.exit();

import { existsSync } from "node:fs";
import { systemClock } from "../../shared/runtime/clock.ts";
import { environment } from "../../shared/runtime/config.ts";
import { readTyped } from "../cli/command-line.ts";
import { devCommand } from "../cli/commands.ts";
import { Mistake } from "../cli/mistake.ts";
import { written } from "../ops/write-out.ts";
import { programsIn } from "./programs/programs.ts";
import { personAt } from "./questions/person.ts";
import { runRemove } from "./remove/remove.ts";
import { runInstall } from "./run.ts";

/** While this file exists, `./dev up` runs here and all commands work on the local cloud, which needs no installing. */
const LOCAL_ENDPOINTS = ".local/endpoints.json";

const { switches } = readTyped(devCommand("install"), process.argv.slice(2));
if (existsSync(LOCAL_ENDPOINTS)) {
  throw new Mistake("./dev up runs in this folder. Stop it first: installing is for a real cloud.");
}
const folder = ".";
const { stdin: input, stdout: output } = process;
const context = {
  environment,
  folder,
  clock: systemClock,
  programs: programsIn(folder),
  person: personAt({ input, output }),
};
process.exitCode = await (switches.has("remove") ? runRemove(context) : runInstall(context));
await written(process.stdout);
process.exit();

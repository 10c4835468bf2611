import { written } from "../ops/write-out.ts";
import { runTriggerCommand } from "./run.ts";

process.stdout.write(await runTriggerCommand(process.argv.slice(2), ".local/endpoints.json"));
await written(process.stdout);
process.exit();

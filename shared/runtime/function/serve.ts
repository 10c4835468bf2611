import { http } from "@google-cloud/functions-framework";
import { connectGoogle } from "../../clients/google.ts";
import { systemClock } from "../clock.ts";
import { environment } from "../config.ts";
import { createLog } from "../log.ts";
import { withholdAllBodies } from "../request-body.ts";
import { createFunction, type Wire } from "./create-function.ts";

/** Registers a deployed function with functions-framework. Throws ConfigError if its configuration is bad. */
export function serve(name: string, row: Parameters<typeof createFunction>[0], wire: Wire): void {
  withholdAllBodies();
  const log = createLog().with({ function: name });
  http(name, createFunction(row, wire, environment, systemClock, log, connectGoogle));
}

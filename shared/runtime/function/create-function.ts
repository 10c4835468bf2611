import type { Connections } from "../../ports/connections.ts";
import type { Database } from "../../ports/database.ts";
import type { Clock } from "../clock.ts";
import { type Config, loadConfig, type SettingName } from "../config.ts";
import { lastAttemptOf } from "../delivery/last-attempt.ts";
import { createPlatformDeps, type PlatformDeps } from "../deps.ts";
import { type HttpHandler, header } from "../http.ts";
import type { Log } from "../log.ts";
import { MAX_BODY_BYTES, receiveBody } from "../request-body.ts";
import { currentSpan, inNewSpan, TRACEPARENT } from "../trace.ts";

/** The part of a function's row in the manifest that its start needs. */
interface StartRow {
  readonly trigger:
    | { readonly kind: Exclude<keyof typeof KINDS, "queue"> }
    | { readonly kind: "queue"; readonly retry: Parameters<typeof lastAttemptOf>[0] };
  readonly maxBodyBytes?: number;
  readonly settings: readonly SettingName[];
  readonly ownSettings?: readonly string[];
  readonly publishDeadlineMs: number;
}

/** Wires a function with its feature's dependencies. */
export type Wire = (platform: PlatformDeps, database: Database) => HttpHandler;

/** What one call of a function is, by its trigger. */
const KINDS = { http: "request", topic: "message", queue: "task", schedule: "run" } as const;

/**
 * Creates a function: parses its settings and wires its dependencies. Throws ConfigError, which names every missing
 * or malformed setting. The function receives only the settings that its row lists, and no request whose body is
 * encoded or larger than its row allows.
 *
 * Each call is its own span, in the trace that the request carries or in a new one, and ends with one log line of
 * the event `handled`.
 */
export function createFunction(
  row: StartRow,
  wire: Wire,
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  log: Log,
  connect: (config: Config, publishDeadlineMs: number) => Connections,
): HttpHandler {
  const config = loadConfig(environment, row.settings) as Config;
  const { trigger, publishDeadlineMs, ownSettings = [] } = row;
  const lastAttempt = trigger.kind === "queue" ? lastAttemptOf(trigger.retry) : undefined;
  const connections = connect(config, publishDeadlineMs);
  const own = Object.fromEntries(ownSettings.map((name) => [name, environment[name]]));
  const platform = createPlatformDeps(config, clock, log, connections, lastAttempt, own);
  const handle = wire(platform, connections.database);
  const kind = KINDS[trigger.kind];
  const maxBytes = row.maxBodyBytes ?? MAX_BODY_BYTES[trigger.kind];

  const receive: HttpHandler = async (request, response) => {
    if (await receiveBody(request, response, maxBytes)) await handle(request, response);
  };

  return (request, response) =>
    inNewSpan(config.GOOGLE_CLOUD_PROJECT, header(request, TRACEPARENT), async () => {
      const startedAtMs = clock.now().getTime();
      const durationMs = () => clock.now().getTime() - startedAtMs;
      try {
        await receive(request, response);
      } catch (error) {
        log.error("A call ended in an error", error, handled(kind, 500, durationMs()));
        throw error;
      }
      const fields = handled(kind, response.statusCode, durationMs());
      log.info(`${fields.outcome}: ${fields.what}`, fields);
    });
}

/** The fields of a call's last log line; facts that were noted during the call override the defaults. */
function handled(kind: (typeof KINDS)[keyof typeof KINDS], status: number, durationMs: number) {
  const span = currentSpan();
  const outcome = outcomeOf(kind, status);
  const fields = { event: "handled", kind, what: kind as string, outcome, status, durationMs };
  return { ...fields, parentSpanId: span?.parentSpanId, ...span?.facts };
}

function outcomeOf(kind: string, status: number): string {
  if (status < 400) return "done";
  if (kind === "message" || kind === "task") return "again";
  return status < 500 ? "refused" : "failed";
}

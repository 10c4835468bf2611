import * as z from "zod/mini";
import { SIGN_IN } from "../../cli/sign-in.ts";
import { idOf, type LogEntry, type LogSource } from "./entries.ts";

/** A project's log, and how to read it. */
interface CloudLogOptions {
  readonly projectId: string;
  readonly now: Date;
  /** An OAuth token that may read logs; by default the operator's own. */
  readonly accessToken?: () => Promise<string>;
  /** By default Cloud Logging's own. */
  readonly baseUrl?: string;
}

/** https://cloud.google.com/logging/quotas#logs_retention_periods */
const KEPT_MS = 30 * 24 * 3_600_000;
/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list */
const PAGE_SIZE = 1000;
/** A longer trace is read only up to this many entries. */
const MAX_PAGES = 20;

const page = z.object({
  entries: z._default(
    z.array(
      z.object({
        timestamp: z.string(),
        severity: z._default(z.string(), "DEFAULT"),
        trace: z._default(z.string(), ""),
        spanId: z._default(z.string(), ""),
        jsonPayload: z._default(z.record(z.string(), z.unknown()), {}),
      }),
    ),
    [],
  ),
  nextPageToken: z.optional(z.string()),
});

/**
 * The log of a project, read through Cloud Logging's REST API. If reading is refused, throws an Error that says
 * what to do.
 */
export function cloudLog({
  projectId,
  now,
  accessToken = ownAccessToken,
  baseUrl = "https://logging.googleapis.com",
}: CloudLogOptions): LogSource {
  const since = new Date(now.getTime() - KEPT_MS).toISOString();

  async function list(condition: string): Promise<LogEntry[]> {
    const filter = `${condition} AND jsonPayload.function:* AND timestamp>="${since}"`;
    const query = { resourceNames: [`projects/${projectId}`], filter, orderBy: "timestamp asc" };
    const authorization = `Bearer ${await accessToken()}`;
    const found: LogEntry[] = [];
    let pageToken: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const response = await fetch(`${baseUrl}/v2/entries:list`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ ...query, pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) }),
      });
      if (!response.ok) throw new Error(await refusalOf(response, projectId));
      const { entries, nextPageToken } = page.parse(await response.json());
      found.push(...entries.map(toEntry));
      if (!nextPageToken) break;
      pageToken = nextPageToken;
    }
    return found;
  }

  return {
    name: `project ${projectId}`,
    entriesOf: (traceId) => list(`trace="projects/${projectId}/traces/${traceId}"`),
    tracesOf: async (interactionId) => {
      const ofIt = await list(`jsonPayload.interactionId="${interactionId}"`);
      return [...new Set(ofIt.map(({ traceId }) => traceId))];
    },
  };
}

function toEntry(entry: z.infer<typeof page>["entries"][number]): LogEntry {
  const { timestamp, severity, trace, spanId, jsonPayload: fields } = entry;
  return { atMs: Date.parse(timestamp), severity, traceId: idOf(trace), spanId, fields };
}

async function ownAccessToken(): Promise<string> {
  const { GoogleAuth } = await import("google-auth-library");
  const auth = new GoogleAuth({ scopes: "https://www.googleapis.com/auth/logging.read" });
  const token = await auth.getAccessToken();
  if (!token) throw new Error(`Google issued no token. ${SIGN_IN}`);
  return token;
}

async function refusalOf(response: Response, projectId: string): Promise<string> {
  if (response.status === 401 || response.status === 403) {
    return `You may not read the logs of project ${projectId}: ask for the role Logs Viewer (roles/logging.viewer).`;
  }
  return `Cloud Logging answered ${response.status}: ${await response.text()}`;
}

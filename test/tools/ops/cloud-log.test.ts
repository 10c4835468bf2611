import { afterAll, beforeAll, expect, test } from "@jest/globals";
import express from "express";
import { type HttpService, listen } from "../../../local/kit/http/listen.ts";
import { cloudLog } from "../../../tools/ops/log/cloud-log.ts";
import { printTrace } from "../../../tools/ops/log/trace.ts";

const PROJECT = "c500-live";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const NOW = new Date("2026-03-01T20:00:00.000Z");

interface Query {
  readonly resourceNames: readonly string[];
  readonly filter: string;
  readonly pageToken?: string;
}

let service: HttpService;
const asked: Query[] = [];

/** An entry as Cloud Logging creates it from a line that a function wrote. */
const entry = (seconds: string, spanId: string, written: Record<string, unknown>) => ({
  insertId: seconds,
  timestamp: `2026-03-01T19:59:${seconds}Z`,
  severity: "INFO",
  trace: `projects/${PROJECT}/traces/${TRACE}`,
  spanId,
  jsonPayload: written,
});
const handled = { event: "handled", outcome: "done", durationMs: 250, message: "done" };
const pages = [
  {
    entries: [
      entry("01.500", "a".repeat(16), {
        ...handled,
        function: "discord-interactions",
        kind: "request",
        what: "c500 live",
        status: 200,
        interactionId: "900",
      }),
    ],
    nextPageToken: "more",
  },
  {
    entries: [
      entry("02.250", "b".repeat(16), {
        ...handled,
        function: "go-live",
        kind: "message",
        what: "c500 live",
        status: 204,
        parentSpanId: "a".repeat(16),
        attempt: 2,
      }),
    ],
  },
];

/** Answers as Cloud Logging does: https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list */
beforeAll(async () => {
  const app = express();
  app.use(express.json());
  app.post("/v2/entries\\:list", (request, response) => {
    if (request.get("authorization") !== "Bearer good") return void response.status(403).json({});
    asked.push(request.body);
    response.json(
      /\b(900|4bf9)/.test(request.body.filter) ? pages[request.body.pageToken ? 1 : 0] : {},
    );
  });
  service = await listen(app);
});
afterAll(() => service.stop());

const logAs = (token: string) =>
  cloudLog({ projectId: PROJECT, now: NOW, baseUrl: service.url, accessToken: async () => token });
async function printed(id: string) {
  const lines: string[] = [];
  const isFound = await printTrace(id, logAs("good"), (line) => lines.push(line));
  return { isFound, lines };
}

test("an interaction's story is read from all pages of a project's log", async () => {
  const { isFound, lines } = await printed("900");
  expect(isFound).toBe(true);
  expect(lines).toEqual([
    `Trace ${TRACE}: 2 calls in 1.000 s`,
    "+   0.000 s  discord-interactions       request c500 live → done (200) in 250 ms",
    "+   0.750 s    go-live                  message c500 live, attempt 2 → done (204) in 250 ms",
  ]);
});

test("only our own lines of the trace are queried, as far back as the log goes", async () => {
  asked.length = 0;
  await printed(TRACE);
  expect(asked.map(({ pageToken }) => pageToken)).toEqual([undefined, "more"]);
  const trace = `trace="projects/${PROJECT}/traces/${TRACE}"`;
  expect(asked[0]).toMatchObject({
    resourceNames: [`projects/${PROJECT}`],
    filter: `${trace} AND jsonPayload.function:* AND timestamp>="2026-01-30T20:00:00.000Z"`,
    orderBy: "timestamp asc",
  });
});

test("an id that the log has no lines of is reported", async () => {
  const { isFound, lines } = await printed("123");
  expect(isFound).toBe(false);
  expect(lines).toEqual([`The log of project ${PROJECT} has no lines of 123.`]);
});

test("someone who may not read the log learns which role to ask for", async () => {
  await expect(logAs("stale").entriesOf(TRACE)).rejects.toThrow("roles/logging.viewer");
});

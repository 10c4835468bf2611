import * as z from "zod/mini";
import type { FirestoreInspection } from "../../../../../local/google/firestore/inspection.ts";
import type { StoredDocument } from "../../../../../local/google/firestore/types.ts";
import { type CommitLog, pathOf, type SeenCommit } from "../../../commits.ts";
import type { StudioHost } from "../../../host.ts";
import { defineCall } from "../../../panel.ts";
import { describeCollection } from "./description.ts";
import { differencesOf } from "./differences.ts";
import { fromJson, readTyped, showFields } from "./values.ts";

/** Comparisons as they are typed. */
const OPERATORS = {
  "==": "EQUAL",
  "!=": "NOT_EQUAL",
  "<": "LESS_THAN",
  "<=": "LESS_THAN_OR_EQUAL",
  ">": "GREATER_THAN",
  ">=": "GREATER_THAN_OR_EQUAL",
  contains: "ARRAY_CONTAINS",
} as const;
type Operator = keyof typeof OPERATORS;
const operators = Object.keys(OPERATORS) as [Operator, ...Operator[]];

const PAGE = 50;
/** How many of a commit's documents are shown. */
const MOST_CHANGES = 25;

const pageInput = z.object({
  collection: z.string().check(z.minLength(1)),
  filter: z.optional(z.object({ field: z.string(), op: z.enum(operators), value: z.string() })),
  sort: z.optional(z.object({ field: z.string(), isDescending: z.boolean() })),
  /** From 0. */
  page: z._default(z.int().check(z.gte(0)), 0),
});
const place = z.object({ path: z.string().check(z.minLength(1)) });

/** Firestore: its collections page by page, its documents, and its latest commits. */
export function firestorePanel(host: StudioHost, commits: CommitLog) {
  const projectId = host.cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "";
  const rootName = `projects/${projectId}/databases/(default)/documents`;
  const opened = host.cloud.inspectFirestore?.(projectId);
  const inspection = (): FirestoreInspection => {
    if (opened) return opened;
    throw new Error("The environment names another Firestore, which the studio cannot look into.");
  };

  const commitsIn = (path: string | undefined, limit: number) => {
    const isWanted = ({ changes }: SeenCommit) =>
      path === undefined ||
      changes.some(({ name }) => pathOf(name) === path || pathOf(name).startsWith(`${path}/`));
    return commits
      .all()
      .filter(isWanted)
      .slice(-limit)
      .reverse()
      .map((commit) => showCommit(commit, commits.traceOf(commit)));
  };

  return {
    calls: {
      collections: defineCall(z.object({ parent: z._default(z.string(), "") }), ({ parent }) =>
        inspection().collections(parent),
      ),
      page: defineCall(pageInput, ({ collection, filter, sort, page }) => {
        const { found, matching } = inspection().page({
          collection,
          filters: filter
            ? [{ ...filter, op: OPERATORS[filter.op], value: readTyped(filter.value) }]
            : [],
          sort,
          offset: page * PAGE,
          limit: PAGE,
        });
        return {
          documents: found.map(({ name, document }) => ({
            path: pathOf(name),
            ...(document ? { ...timesOf(document), fields: showFields(document.fields) } : {}),
          })),
          matching,
          pageSize: PAGE,
          description: describeCollection(collection),
        };
      }),
      document: defineCall(place, ({ path }) => {
        const document = inspection().document(path);
        return {
          path,
          document: document && { ...timesOf(document), fields: showFields(document.fields) },
          collections: inspection().collections(path),
          description: describeCollection(path.split("/").slice(0, -1).join("/")),
          commits: commitsIn(path, 10),
        };
      }),
      commits: defineCall(
        z.object({ limit: z._default(z.int().check(z.gte(1), z.lte(200)), 30) }),
        ({ limit }) => commitsIn(undefined, limit),
      ),
      setField: defineCall(
        z.object({ ...place.shape, field: z.string().check(z.minLength(1)), json: z.string() }),
        async ({ path, field, json }) => {
          await inspection().setField(path, field, fromJson(parse(json), rootName));
          host.save();
        },
      ),
      removeField: defineCall(
        z.object({ ...place.shape, field: z.string().check(z.minLength(1)) }),
        async ({ path, field }) => {
          await inspection().setField(path, field, undefined);
          host.save();
        },
      ),
      remove: defineCall(place, async ({ path }) => {
        await inspection().delete(path);
        host.save();
      }),
    },
    version: () => commits.newest,
  };
}

function showCommit({ sequence, atMicros, changes }: SeenCommit, traceId: string | undefined) {
  return {
    sequence,
    atMs: atMicros / 1000,
    traceId,
    documents: changes.length,
    changes: changes.slice(0, MOST_CHANGES).map(({ name, before, after }) => ({
      path: pathOf(name),
      what: after ? (before ? "changed" : "created") : "deleted",
      fields: differencesOf(before, after),
    })),
  };
}

function timesOf({ createTime, updateTime }: StoredDocument) {
  const toMs = ({ seconds, nanos }: StoredDocument["updateTime"]) =>
    Number(seconds) * 1000 + nanos / 1e6;
  return { createdMs: toMs(createTime), updatedMs: toMs(updateTime) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('That is not JSON. A text needs quotation marks: "like this".');
  }
}

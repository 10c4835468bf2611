import { createHash } from "node:crypto";
import express from "express";
import type { LocalClock } from "../../../kit/clock.ts";
import type { FaultPlan } from "../../../kit/faults.ts";
import {
  applyGoogleFaults,
  GoogleRestError,
  googleErrors,
  restPage,
} from "../../../kit/google/rest.ts";
import { type HttpService, listen } from "../../../kit/http/listen.ts";
import type { CompositeIndex, IndexConfiguration, IndexField } from "../types.ts";

/** What the Admin API works on. */
export interface AdminParts {
  /** A free port by default. */
  readonly port?: number | undefined;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** Shared with query execution: queries lack an index that is deleted here. */
  readonly configuration: IndexConfiguration & { readonly indexes: CompositeIndex[] };
}

/** An index as the API shows it. */
interface ShownIndex {
  readonly name: string;
  readonly queryScope: string;
  readonly fields: readonly IndexField[];
  readonly state: "READY";
}

const MAX_PAGE_SIZE = 1000;
/** Stands for every collection group in a path. */
const EVERY_GROUP = "-";
const NAME_FIELD = "__name__";
const INDEXES = "/v1/projects/:project/databases/:database/collectionGroups/:group/indexes";

/**
 * Starts the part of the Firestore Admin API over HTTP that manages composite indexes. Every
 * database has those of the configuration, and all of them are built.
 * https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups.indexes
 */
export function startFirestoreAdmin(parts: AdminParts): Promise<HttpService> {
  const { configuration } = parts;
  const app = express().disable("x-powered-by").disable("etag");
  app.use(applyGoogleFaults("firestore", parts));

  app.get(INDEXES, ({ params, query }, response) => {
    const { project, database, group } = params;
    const shown = configuration.indexes
      .filter(({ collectionGroup }) => group === EVERY_GROUP || group === collectionGroup)
      .map((index) => show(`projects/${project}/databases/${database}`, index));
    const { items, nextPageToken } = restPage(shown, query, MAX_PAGE_SIZE);
    response.json({ ...(items.length > 0 && { indexes: items }), nextPageToken });
  });
  app.delete(`${INDEXES}/:index`, ({ params }, response) => {
    const place = configuration.indexes.findIndex(
      (index) => index.collectionGroup === params.group && idOf(index) === params.index,
    );
    if (place < 0) throw new GoogleRestError("NOT_FOUND", "Requested entity was not found.");
    configuration.indexes.splice(place, 1);
    response.json({});
  });
  app.use(() => {
    throw new GoogleRestError("NOT_FOUND", "Method not found.");
  });
  app.use(googleErrors);
  return listen(app, parts.port);
}

/** Appends the document's name, which ends every index in the direction of the field before it. */
function show(database: string, index: CompositeIndex): ShownIndex {
  const { collectionGroup, queryScope } = index;
  const order = index.fields.at(-1)?.order ?? "ASCENDING";
  const isComplete = index.fields.some(({ fieldPath }) => fieldPath === NAME_FIELD);
  const fields = isComplete ? index.fields : [...index.fields, { fieldPath: NAME_FIELD, order }];
  const name = `${database}/collectionGroups/${collectionGroup}/indexes/${idOf(index)}`;
  return { name, queryScope, fields, state: "READY" };
}

function idOf(index: CompositeIndex): string {
  return createHash("sha256").update(JSON.stringify(index)).digest("base64url").slice(0, 12);
}

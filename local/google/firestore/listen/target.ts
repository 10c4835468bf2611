import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import { compileQuery } from "../query/compile.ts";
import { assertIndexed } from "../query/indexes.ts";
import { matches, runQuery } from "../query/run.ts";
import type { ListenTarget } from "../server/messages.ts";
import { databaseOf } from "../server/reads.ts";
import type { Change, Database } from "../storage/database.ts";
import type { Micros } from "../storage/micros.ts";
import type { IndexConfiguration, StoredDocument } from "../types.ts";

/** A target's documents, and which changes can affect them. */
export interface Source {
  /** Documents requested by name; their absence is reported. */
  readonly names: readonly string[];
  /** All documents of the target, at a read time or now. */
  results(atMicros?: Micros): StoredDocument[];
  /** The target's version of one document; undefined if it depends on other documents. */
  readonly resultOf: ((document: StoredDocument) => StoredDocument | undefined) | undefined;
  isAffectedBy(change: Change): boolean;
}

/** The source for a target. Throws INVALID_ARGUMENT or FAILED_PRECONDITION as a read does. */
export function sourceOf(
  target: ListenTarget,
  database: Database,
  indexes: IndexConfiguration,
): Source {
  if (target.documents !== undefined) return documentsSource(target.documents.documents, database);
  if (target.query?.structuredQuery === undefined) throw invalidArgument("A target must be given.");
  const { parent, structuredQuery } = target.query;
  const query = compileQuery(parent, structuredQuery);
  assertInDatabase(parent, database);
  assertIndexed(query, indexes);
  const dependsOnOthers = Number.isFinite(query.limit) || query.offset > 0;
  return {
    names: [],
    results: (atMicros) => runQuery(query, database.candidates(query, atMicros)),
    resultOf: dependsOnOthers ? undefined : (document) => runQuery(query, [document])[0],
    isAffectedBy: ({ before, after }) =>
      [before, after].some((image) => image !== undefined && matches(query, image)),
  };
}

function documentsSource(requested: readonly string[], database: Database): Source {
  const names = new Set(requested);
  for (const name of names) {
    parseDocumentName(name);
    assertInDatabase(name, database);
  }
  return {
    names: [...names],
    results: (atMicros) => [...names].flatMap((name) => database.get(name, atMicros) ?? []),
    resultOf: (document) => document,
    isAffectedBy: ({ name }) => names.has(name),
  };
}

function assertInDatabase(name: string, database: Database): void {
  if (databaseOf(name) === database.name) return;
  throw invalidArgument(`"${name}" is not in database "${database.name}".`);
}

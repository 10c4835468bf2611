import { isDeepStrictEqual } from "node:util";
import { status } from "@grpc/grpc-js";
import { deleteField, getField, setField } from "../field-paths.ts";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import type { Change } from "../storage/database.ts";
import { type Micros, toMicros, toTimestamp } from "../storage/micros.ts";
import type { Fields, IndexConfiguration, StoredDocument, Value } from "../types.ts";
import { assertNesting } from "./check-value.ts";
import type { CompiledWrite } from "./compile.ts";
import { checkDocumentSize } from "./document-size.ts";
import { assertIndexEntries } from "./index-entries.ts";
import type { Precondition, WriteResult } from "./messages.ts";

/** A commit's effect. */
export interface Outcome {
  /** The documents that actually change, each once. */
  readonly changes: readonly Change[];
  /** One result per write, in order. */
  readonly results: readonly WriteResult[];
}

/** A commit's time, and the indexes in which documents get entries. */
export interface CommitContext {
  readonly atMicros: Micros;
  readonly indexes: IndexConfiguration;
}

/** Server timestamps have milliseconds: https://firebase.google.com/docs/firestore/reference/rpc/google.firestore.v1#servervalue */
const SERVER_VALUE_MICROS = 1000;

/**
 * Computes what the writes, applied in order, change in the stored documents at a given commit
 * time. Stores nothing. Throws NOT_FOUND, ALREADY_EXISTS or FAILED_PRECONDITION when a precondition
 * is not met, INVALID_ARGUMENT when a document would exceed a limit.
 */
export function applyWrites(
  writes: readonly CompiledWrite[],
  stored: (name: string) => StoredDocument | undefined,
  { atMicros, indexes }: CommitContext,
): Outcome {
  const drafts = new Map<string, Draft>();
  const requestTime = toTimestamp(atMicros - (atMicros % SERVER_VALUE_MICROS));
  const transformed = writes.map((write) => {
    const draft = drafts.get(write.name) ?? draftOf(stored(write.name));
    drafts.set(write.name, draft);
    assertPrecondition(write, draft);
    draft.lastKind = kindOf(write);
    if (write.content === null) {
      draft.fields = undefined;
      draft.isSameDocument = false;
      return [];
    }
    const results: Value[] = [];
    let fields = withContent(draft.fields ?? {}, write.content);
    for (const transform of write.transforms) {
      const outcome = transform.apply(getField(fields, transform.path), requestTime);
      fields = setField(fields, transform.path, outcome.stored);
      results.push(outcome.result);
    }
    draft.fields = fields;
    return results;
  });
  const finished = new Map(
    [...drafts].map(([name, draft]) => [name, finish(name, draft, { atMicros, indexes })]),
  );
  return {
    changes: [...finished].flatMap(([name, after]) => {
      const before = stored(name);
      return before === after ? [] : [{ name, before, after }];
    }),
    results: writes.map(({ name }, index) => ({
      updateTime: finished.get(name)?.updateTime ?? null,
      transformResults: transformed[index] ?? [],
    })),
  };
}

type WriteKind = "insert" | "update" | "upsert" | "delete";

/** A document's state during a commit. */
interface Draft {
  readonly stored: StoredDocument | undefined;
  fields: Fields | undefined;
  /**
   * False if this commit deleted it in between; a document that is deleted and recreated is a new
   * one.
   */
  isSameDocument: boolean;
  lastKind: WriteKind | undefined;
}

function draftOf(stored: StoredDocument | undefined): Draft {
  return { stored, fields: stored?.fields, isSameDocument: true, lastKind: undefined };
}

function kindOf({ content, precondition }: CompiledWrite): WriteKind {
  if (content === null) return "delete";
  if (precondition?.conditionType !== "exists") return "upsert";
  return precondition.exists ? "update" : "insert";
}

function withContent(fields: Fields, content: NonNullable<CompiledWrite["content"]>): Fields {
  if (content.mask === null) return content.fields;
  let merged = fields;
  for (const path of content.mask) {
    const value = getField(content.fields, path);
    merged = value === undefined ? deleteField(merged, path) : setField(merged, path, value);
  }
  return merged;
}

function assertPrecondition(write: CompiledWrite, draft: Draft): void {
  const { name, precondition } = write;
  if (precondition === null) return;
  if (precondition.conditionType === "updateTime") assertUpdateTime(precondition, draft.stored);
  else if (precondition.exists !== (draft.fields !== undefined)) {
    if (draft.lastKind !== undefined) {
      throw invalidArgument(
        `Cannot ${draft.lastKind} then ${kindOf(write)} an entity in the same request.`,
      );
    }
    throw precondition.exists
      ? new GrpcError(status.NOT_FOUND, `No document to update: ${name}`)
      : new GrpcError(status.ALREADY_EXISTS, `Document already exists: ${name}`);
  }
}

function assertUpdateTime(
  { updateTime }: Extract<Precondition, { conditionType: "updateTime" }>,
  stored: StoredDocument | undefined,
): void {
  const required = toMicros(updateTime);
  const actual = stored === undefined ? 0 : toMicros(stored.updateTime);
  if (actual === required) return;
  throw new GrpcError(
    status.FAILED_PRECONDITION,
    `the stored version (${actual}) does not match the required base version (${required})`,
  );
}

function finish(
  name: string,
  draft: Draft,
  { atMicros, indexes }: CommitContext,
): StoredDocument | undefined {
  const { stored, fields, isSameDocument } = draft;
  if (fields === undefined) return undefined;
  if (stored !== undefined && isSameDocument && isDeepStrictEqual(stored.fields, fields)) {
    return stored;
  }
  assertNesting(fields);
  const bytes = checkDocumentSize(name, fields);
  assertIndexEntries({ name, fields, bytes }, indexes);
  const updateTime = toTimestamp(atMicros);
  const createTime = stored !== undefined && isSameDocument ? stored.createTime : updateTime;
  return { name, fields, createTime, updateTime };
}

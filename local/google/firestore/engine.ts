import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import { type RpcContext, withFaults } from "../../kit/google/rpc.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import type { ListenParts } from "./listen/listen.ts";
import { Commits } from "./server/commits.ts";
import { Lists } from "./server/lists.ts";
import type { BatchWriteRequest, CommitRequest } from "./server/messages.ts";
import { Reads } from "./server/reads.ts";
import { assertRequestSize } from "./server/request-size.ts";
import { Views } from "./server/view.ts";
import { Expiry } from "./storage/expiry.ts";
import { Store } from "./storage/store.ts";
import { Concurrency } from "./transactions/concurrency.ts";
import type { IndexConfiguration } from "./types.ts";

/** Options of `createEngine`. */
export interface EngineOptions {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /**
   * The content of `firestore.indexes.json`. Indexes are read at every query and write, so they can
   * be added later; TTL policies are read once.
   */
  readonly indexes: IndexConfiguration;
  /**
   * State that an earlier run stored and this run continues. Without it nothing outlives the
   * process.
   */
  readonly state?: PersistentState | undefined;
}

/** A Firestore engine, to be served over gRPC or called directly. */
export type FirestoreEngine = ReturnType<typeof createEngine>;

/** The calls of google.firestore.v1.Firestore by name. Each rejects with an `RpcError`. */
export type FirestoreOperations = FirestoreEngine["operations"];

/**
 * Creates an empty Firestore, or one with the stored state. Planned faults apply to calls by name.
 */
export function createEngine({ clock, faults, indexes, state }: EngineOptions) {
  const context: RpcContext = { target: "firestore", clock, faults };
  const store = new Store(clock);
  if (state) store.persistIn(state);
  const concurrency = new Concurrency(clock, store, indexes);
  const expiry = new Expiry({ clock, store, concurrency, overrides: indexes.fieldOverrides });
  const views = new Views(store, concurrency);
  const listening: ListenParts = { context, store, views, indexes };
  return {
    operations: operationsOf(context, {
      reads: new Reads(views, indexes),
      lists: new Lists(views),
      commits: new Commits(views, concurrency),
    }),
    /** What listeners need. */
    listening,
    close: () => {
      expiry.close();
      concurrency.close();
      store.close();
    },
  };
}

interface Handlers {
  readonly reads: Reads;
  readonly lists: Lists;
  readonly commits: Commits;
}

function operationsOf(context: RpcContext, { reads, lists, commits }: Handlers) {
  const call =
    <Request, Response>(
      operation: string,
      handle: (request: Request) => Response | Promise<Response>,
    ) =>
    (request: Request) =>
      withFaults(context, operation, () => handle(request));
  return {
    GetDocument: call("GetDocument", reads.getDocument.bind(reads)),
    BatchGetDocuments: call("BatchGetDocuments", reads.batchGetDocuments.bind(reads)),
    RunQuery: call("RunQuery", reads.runQuery.bind(reads)),
    RunAggregationQuery: call("RunAggregationQuery", reads.runAggregationQuery.bind(reads)),
    ListDocuments: call("ListDocuments", lists.listDocuments.bind(lists)),
    ListCollectionIds: call("ListCollectionIds", lists.listCollectionIds.bind(lists)),
    CreateDocument: call("CreateDocument", commits.createDocument.bind(commits)),
    UpdateDocument: call("UpdateDocument", commits.updateDocument.bind(commits)),
    DeleteDocument: call("DeleteDocument", commits.deleteDocument.bind(commits)),
    BeginTransaction: call("BeginTransaction", commits.beginTransaction.bind(commits)),
    Rollback: call("Rollback", commits.rollback.bind(commits)),
    Commit: call("Commit", (request: CommitRequest) => {
      assertRequestSize(request);
      return commits.commit(request);
    }),
    BatchWrite: call("BatchWrite", (request: BatchWriteRequest) => {
      assertRequestSize(request);
      return commits.batchWrite(request);
    }),
  };
}

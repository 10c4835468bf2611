import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { type RpcContext, serverStream, unary } from "../../kit/rpc.ts";
import { listen } from "../listen/listen.ts";
import type { Store } from "../storage/store.ts";
import type { Concurrency } from "../transactions/concurrency.ts";
import type { IndexConfiguration } from "../types.ts";
import { Commits } from "./commits.ts";
import { Lists } from "./lists.ts";
import type { BatchWriteRequest, CommitRequest } from "./messages.ts";
import { Reads } from "./reads.ts";
import { Views } from "./view.ts";
import { assertRequestSize } from "./wire.ts";

/** What the service works with. */
export interface ServiceParts {
  readonly context: RpcContext;
  readonly store: Store;
  readonly concurrency: Concurrency;
  readonly indexes: IndexConfiguration;
}

/** The handlers of google.firestore.v1.Firestore. What is not here is answered UNIMPLEMENTED. */
export function firestoreService(parts: ServiceParts): UntypedServiceImplementation {
  const { context, store, concurrency, indexes } = parts;
  const views = new Views(store, concurrency);
  const reads = new Reads(views, indexes);
  const lists = new Lists(views);
  const commits = new Commits(views, concurrency);
  const one = <Request, Response>(
    operation: string,
    handle: (request: Request) => Response | Promise<Response>,
  ) => unary(context, operation, handle);
  const many = <Request>(operation: string, handle: (request: Request) => Promise<object[]>) =>
    serverStream(context, operation, handle);
  return {
    GetDocument: one("GetDocument", reads.getDocument.bind(reads)),
    BatchGetDocuments: many("BatchGetDocuments", reads.batchGetDocuments.bind(reads)),
    RunQuery: many("RunQuery", reads.runQuery.bind(reads)),
    RunAggregationQuery: many("RunAggregationQuery", reads.runAggregationQuery.bind(reads)),
    ListDocuments: one("ListDocuments", lists.listDocuments.bind(lists)),
    ListCollectionIds: one("ListCollectionIds", lists.listCollectionIds.bind(lists)),
    CreateDocument: one("CreateDocument", commits.createDocument.bind(commits)),
    UpdateDocument: one("UpdateDocument", commits.updateDocument.bind(commits)),
    DeleteDocument: one("DeleteDocument", commits.deleteDocument.bind(commits)),
    BeginTransaction: one("BeginTransaction", commits.beginTransaction.bind(commits)),
    Rollback: one("Rollback", commits.rollback.bind(commits)),
    Commit: one("Commit", (request: CommitRequest) => {
      assertRequestSize(request);
      return commits.commit(request);
    }),
    BatchWrite: one("BatchWrite", (request: BatchWriteRequest) => {
      assertRequestSize(request);
      return commits.batchWrite(request);
    }),
    Listen: listen({ context, store, views, indexes }),
  };
}

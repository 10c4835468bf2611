import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { answerStream, answerUnary } from "../../../kit/google/rpc.ts";
import type { FirestoreEngine } from "../engine.ts";
import { listen } from "../listen/listen.ts";

/** The handlers of google.firestore.v1.Firestore. All other calls are answered UNIMPLEMENTED. */
export function firestoreService(engine: FirestoreEngine): UntypedServiceImplementation {
  const { operations } = engine;
  return {
    GetDocument: answerUnary(operations.GetDocument),
    BatchGetDocuments: answerStream(operations.BatchGetDocuments),
    RunQuery: answerStream(operations.RunQuery),
    RunAggregationQuery: answerStream(operations.RunAggregationQuery),
    ListDocuments: answerUnary(operations.ListDocuments),
    ListCollectionIds: answerUnary(operations.ListCollectionIds),
    CreateDocument: answerUnary(operations.CreateDocument),
    UpdateDocument: answerUnary(operations.UpdateDocument),
    DeleteDocument: answerUnary(operations.DeleteDocument),
    BeginTransaction: answerUnary(operations.BeginTransaction),
    Rollback: answerUnary(operations.Rollback),
    Commit: answerUnary(operations.Commit),
    BatchWrite: answerUnary(operations.BatchWrite),
    Listen: listen(engine.listening),
  };
}

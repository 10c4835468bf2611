import { Server } from "@grpc/grpc-js";
import type { Firestore } from "../../../shared/ports/database.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import { type Gate, gated } from "../../kit/gate.ts";
import { listenGrpcIf, loadProto } from "../../kit/google/grpc.ts";
import { googleProtos, serviceDefinition } from "../../kit/google/rpc.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { openDirectFirestore } from "./direct/index.ts";
import { createEngine, type FirestoreEngine } from "./engine.ts";
import { type FirestoreInspection, inspect } from "./inspection.ts";
import { startFirestoreAdmin } from "./server/admin.ts";
import { firestoreService } from "./server/service.ts";
import type { CommitListener } from "./storage/store.ts";
import type { IndexConfiguration } from "./types.ts";

/** Options of `startFirestore`. */
export interface FirestoreOptions {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /**
   * The content of `firestore.indexes.json`. A query that needs another index fails, as in
   * production.
   */
  readonly indexes: IndexConfiguration;
  /**
   * State that an earlier run stored and this run continues. Without it nothing outlives the
   * process.
   */
  readonly state?: PersistentState | undefined;
  /** Whether it listens for gRPC; true by default. */
  readonly isListening?: boolean | undefined;
  /** A free port by default. */
  readonly port?: number;
  /** The Admin API's port; a free one by default. */
  readonly adminPort?: number;
}

/** The running Firestore emulator. */
export interface FirestoreEmulator {
  /** "127.0.0.1:PORT", for FIRESTORE_EMULATOR_HOST. */
  readonly host: string;
  /** The Admin API's URL, in place of https://firestore.googleapis.com. */
  readonly adminUrl: string;
  /**
   * A project's database, called directly in this process. `random` varies the delays between
   * attempts. Every attempt passes the gate.
   */
  databaseOf(projectId: string, random: () => number, gate?: Gate): Firestore;
  /** Looks into a project's database as an operator. */
  inspect(projectId: string): FirestoreInspection;
  /** Calls the listener synchronously at every commit, in order. */
  onCommit(listener: CommitListener): void;
  stop(): Promise<void>;
}

/** Far above the request limit, so that a larger request is refused with the right code. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Starts a Firestore emulator for any client with FIRESTORE_EMULATOR_HOST: documents, queries,
 * serialisable transactions and listeners for any number of projects and databases, and the list of
 * their composite indexes. Planned faults apply to calls by name ("Commit").
 */
export async function startFirestore(options: FirestoreOptions): Promise<FirestoreEmulator> {
  const { clock, faults, state, port } = options;
  const indexes = { ...options.indexes, indexes: [...options.indexes.indexes] };
  const engine = createEngine({ clock, faults, indexes, state });
  const { isListening = true } = options;
  const service = await listenGrpcIf(isListening, () => serverOf(engine), port);
  const admin = await startFirestoreAdmin({
    clock,
    faults,
    configuration: indexes,
    port: options.adminPort,
  });
  return {
    host: service.host,
    adminUrl: admin.url,
    databaseOf: (projectId, random, gate) => {
      const operations = gate ? gated(engine.operations, gate) : engine.operations;
      return openDirectFirestore({ operations, clock, random, projectId });
    },
    inspect: (projectId) => inspect(engine, projectId),
    onCommit: (listener) => void engine.listening.store.subscribe(listener),
    stop: async () => {
      await admin.stop();
      await service.stop();
      engine.close();
    },
  };
}

function serverOf(engine: FirestoreEngine): Server {
  const proto = loadProto("google/firestore/v1/firestore.proto", [
    googleProtos("@google-cloud/firestore"),
  ]);
  const definition = serviceDefinition(proto, "google.firestore.v1.Firestore");
  const server = new Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
  server.addService(definition, firestoreService(engine));
  return server;
}

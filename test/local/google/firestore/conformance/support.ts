import { randomUUID } from "node:crypto";
import {
  type CollectionReference,
  Firestore,
  type QuerySnapshot,
  type Settings,
} from "@google-cloud/firestore";
import type {
  CompositeIndex,
  IndexConfiguration,
  IndexField,
} from "../../../../../local/google/firestore/types.ts";
import { LocalClock } from "../../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../../local/kit/faults.ts";
import { hastenClients } from "../../../../support/clients/hasten-clients.ts";
import { googleFirestoreHost, useFirestoreAt } from "../../../../support/google/emulators.ts";

/** Whether the suite speaks to Google's emulator instead of our own server. */
export const onGoogle = googleFirestoreHost !== undefined;

/** A server to test, with a project of its own that starts empty. */
export interface Connection {
  /** "127.0.0.1:PORT". */
  readonly host: string;
  /** The database's full name, as requests give it. */
  readonly name: string;
  readonly database: Firestore;
  /** The time our server lives by; Google's emulator has its own. */
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** Another client of the same database, closed with the rest. */
  client(settings?: Settings): Firestore;
  /** A collection that nothing else uses. */
  collection(): CollectionReference;
  close(): Promise<void>;
}

/** Starts our server, or joins Google's emulator when the run is on that. */
export async function connect(indexes: Partial<IndexConfiguration> = {}): Promise<Connection> {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const server = await startServer(clock, faults, indexes);
  useFirestoreAt(server.host);
  const projectId = `c500-${randomUUID()}`;
  const clients: Firestore[] = [];
  const client = (settings: Settings = {}) => {
    const made = new Firestore({ ...CLIENT_SETTINGS, projectId, ...settings });
    clients.push(made);
    return made;
  };
  const database = client();
  // Google's emulator needs the time that its clients give it.
  const restore = onGoogle ? () => {} : hastenClients((ms) => ms / 40);
  return {
    host: server.host,
    name: `projects/${projectId}/databases/(default)`,
    database,
    clock,
    faults,
    client,
    collection: () => database.collection(`things-${randomUUID().slice(0, 8)}`),
    close: async () => {
      restore();
      await Promise.all(clients.map(terminate));
      await server.stop();
      clock.stop();
    },
  };
}

/** The answer to one last call comes after all that was cut short before it. */
async function terminate(client: Firestore): Promise<void> {
  await client.listCollections();
  await client.terminate();
}

/** Without it the SDK asks thrice, over some seven seconds, before it passes on a query's refusal. */
const CLIENT_SETTINGS: Settings = { gaxServerStreamingRetries: true };

async function startServer(
  clock: LocalClock,
  faults: FaultPlan,
  indexes: Partial<IndexConfiguration>,
): Promise<{ readonly host: string; stop(): Promise<void> }> {
  if (googleFirestoreHost !== undefined) {
    return { host: googleFirestoreHost, stop: async () => {} };
  }
  const { startFirestore } = await import("../../../../../local/google/firestore/index.ts");
  return startFirestore({
    clock,
    faults,
    indexes: { indexes: [], fieldOverrides: [], ...indexes },
  });
}

/**
 * A composite index as `firestore.indexes.json` has it, each field with "desc" or "contains" behind
 * its name unless it ascends.
 */
export function composite(collectionGroup: string, ...fields: readonly string[]): CompositeIndex {
  return { collectionGroup, queryScope: "COLLECTION", fields: fields.map(indexField) };
}

function indexField(field: string): IndexField {
  const [fieldPath = "", how] = field.split(" ");
  if (how === "contains") return { fieldPath, arrayConfig: "CONTAINS" };
  return { fieldPath, order: how === "desc" ? "DESCENDING" : "ASCENDING" };
}

/** The ids of what a query found, in its order. */
export function ids(snapshot: QuerySnapshot): string[] {
  return snapshot.docs.map((document) => document.id);
}

/** An ordering signal: `wait` ends once `raise` has been called. */
export interface Signal {
  raise(): void;
  wait(): Promise<void>;
}

/** A signal that has not been raised yet. */
export function signal(): Signal {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { raise: resolve, wait: () => promise };
}

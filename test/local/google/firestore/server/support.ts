import { setImmediate } from "node:timers/promises";
import firestore, { Firestore } from "@google-cloud/firestore";
import { credentials } from "@grpc/grpc-js";
import {
  type FirestoreOptions,
  startFirestore,
} from "../../../../../local/google/firestore/index.ts";
import { LocalClock } from "../../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../../local/kit/faults.ts";
import { useFirestoreAt } from "../../../../support/google/emulators.ts";

/** A server of ours that a test may stop, and whose time and troubles it commands. */
export interface TestServer {
  readonly host: string;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** A client of one of the server's databases. */
  client(projectId?: string): Firestore;
  /** The same API without the client library's retries and buffers. */
  readonly calls: Calls;
  stop(): Promise<void>;
}

/** Google's generated client. */
export type Calls = InstanceType<typeof firestore.v1.FirestoreClient>;

/** Starts a server on a free port, unless the options say otherwise. */
export async function startServer(
  options: Partial<Pick<FirestoreOptions, "state" | "port" | "indexes">> = {},
): Promise<TestServer> {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const indexes = { indexes: [], fieldOverrides: [] };
  const server = await startFirestore({ clock, faults, indexes, ...options });
  const clients: Firestore[] = [];
  const calls = callsTo(server.host);
  return {
    host: server.host,
    clock,
    faults,
    calls,
    client: (projectId = "keyboards") => {
      const client = clientOf(server.host, projectId);
      clients.push(client);
      return client;
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.terminate()));
      await calls.close();
      await server.stop();
      clock.stop();
    },
  };
}

/** A client of a database on any server. */
export function clientOf(host: string, projectId: string): Firestore {
  useFirestoreAt(host);
  return new Firestore({ projectId, gaxServerStreamingRetries: true });
}

function callsTo(host: string): Calls {
  const { hostname, port } = new URL(`http://${host}`);
  return new firestore.v1.FirestoreClient({
    servicePath: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
}

/** Resolves once a condition holds that only the server's own progress can bring about. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}

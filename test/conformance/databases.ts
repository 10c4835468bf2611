import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { Firestore as Client } from "@google-cloud/firestore";
import { startFirestore } from "../../local/google/firestore/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { type Fault, FaultPlan, seededRandom } from "../../local/kit/faults.ts";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import type {
  CollectionReference,
  DocumentReference,
  Firestore,
  Timestamp,
} from "../../shared/ports/database.ts";
import { composite } from "../local/google/firestore/conformance/support.ts";
import { hastenClients } from "../support/clients/hasten-clients.ts";
import { googleFirestoreHost, useFirestoreAt } from "../support/google/emulators.ts";

/** An adapter to a database, which has to pass all tests of the port. */
export interface Adapter {
  readonly name: string;
  /** Google's emulator, whose known differences the tests name, and which has no fault plan. */
  readonly isGoogles: boolean;
  open(): Promise<OpenDatabase>;
}

/** An open, separate, empty database. */
export interface OpenDatabase {
  readonly database: Firestore;
  /** Another client of the same database. */
  readonly rival: Firestore;
  /** The faults that affect it; for Google's emulator they have no effect. */
  readonly faults: WatchedFaults;
  /** The clock of our emulator; Google's has its own. */
  readonly clock: LocalClock;
  /** A collection that nothing else uses, with one composite index: `kind`, then `n` downwards. */
  collection(): CollectionReference;
  close(): Promise<void>;
}

/** The outcome of a call: its value, or its refusal, and whether that was thrown at once or later. */
export type Outcome =
  | { readonly value: unknown }
  | { readonly refused: "at once" | "later"; readonly code: unknown; readonly message: string };

/** Makes a call and returns its outcome. */
export async function outcomeOf(call: () => Promise<unknown> | unknown): Promise<Outcome> {
  let pending: Promise<unknown> | unknown;
  try {
    pending = call();
  } catch (error) {
    return refusal("at once", error);
  }
  try {
    return { value: await pending };
  } catch (error) {
    return refusal("later", error);
  }
}

function refusal(refused: "at once" | "later", error: unknown): Outcome {
  const { code, message } = error as { code?: unknown; message: string };
  return { refused, code, message };
}

/** The data that was read, with times, bytes and references as plain text. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) {
    return `bytes ${Buffer.from(value).toString("hex")}`;
  }
  if (typeof value !== "object" || value === null) return value;
  if ("nanoseconds" in value) {
    const { seconds, nanoseconds } = value as Timestamp;
    return `time ${seconds}.${nanoseconds}`;
  }
  if ("parent" in value) return `reference ${(value as DocumentReference).path}`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const INDEXED = "indexed";

/** The longest wait of a client: the tests check what is done, not how long it takes. */
const LONGEST_WAIT_MS = 20;

/** A fault plan that records the names of the calls that it could affect. */
export class WatchedFaults extends FaultPlan {
  readonly calls: string[] = [];
  #awaited = new Map<string, () => void>();

  override next(...call: Parameters<FaultPlan["next"]>): Fault | undefined {
    this.calls.push(call[1]);
    this.#awaited.get(call[1])?.();
    return super.next(...call);
  }

  /** Resolves after the server has started the next call of this name. */
  async arrivalOf(operation: string): Promise<void> {
    await new Promise<void>((resolve) => this.#awaited.set(operation, resolve));
    await setImmediate();
  }
}

/** Real time with short sleeps. */
class HastyClock extends LocalClock {
  override sleep(delayMs: number): Promise<void> {
    return super.sleep(Math.min(delayMs, LONGEST_WAIT_MS));
  }
}

async function openOurs(
  connect: (server: Awaited<ReturnType<typeof startFirestore>>) => Opened,
): Promise<OpenDatabase> {
  const clock = new HastyClock();
  const faults = new WatchedFaults();
  const indexes = { indexes: [composite(INDEXED, "kind", "n desc")], fieldOverrides: [] };
  const server = await startFirestore({ clock, faults, indexes });
  const { database, rival, close } = connect(server);
  return {
    database,
    rival,
    faults,
    clock,
    collection: () => database.collection(`things/${randomUUID()}/${INDEXED}`),
    close: async () => {
      await close();
      await server.stop();
      clock.stop();
    },
  };
}

/** Calls of Google's client, which retries them after the codes of its own configuration, but soon. */
const HASTY_CALLS = {
  interfaces: {
    "google.firestore.v1.Firestore": {
      retry_params: {
        hasty: {
          initial_retry_delay_millis: LONGEST_WAIT_MS,
          retry_delay_multiplier: 1,
          max_retry_delay_millis: LONGEST_WAIT_MS,
          initial_rpc_timeout_millis: 60_000,
          rpc_timeout_multiplier: 1,
          max_rpc_timeout_millis: 60_000,
          total_timeout_millis: 600_000,
        },
      },
      methods: Object.fromEntries(
        ["BatchGetDocuments", "Commit", "RunAggregationQuery", "RunQuery"].map((method) => [
          method,
          { retry_params_name: "hasty" },
        ]),
      ),
    },
  },
};

interface Opened {
  readonly database: Firestore;
  readonly rival: Firestore;
  close(): Promise<void>;
}

/** Two of Google's clients of a new database. */
export function openClients(host: string): Opened {
  useFirestoreAt(host);
  const projectId = `c500-${randomUUID()}`;
  const settings = { projectId, gaxServerStreamingRetries: true, clientConfig: HASTY_CALLS };
  const restore = hastenClients((ms) => Math.min(ms, LONGEST_WAIT_MS));
  const clients = [new Client(settings), new Client(settings)] as const;
  const [database, rival] = clients.map(adaptFirestore);
  if (!database || !rival) throw new Error("Two clients were made.");
  return {
    database,
    rival,
    close: async () => {
      restore();
      for (const client of clients) await client.terminate();
    },
  };
}

const direct: Adapter = {
  name: "the direct adapter",
  isGoogles: false,
  open: () =>
    openOurs((server) => {
      const connection = () => server.databaseOf("c500-direct", seededRandom(1));
      return { database: connection(), rival: connection(), close: async () => {} };
    }),
};

const client: Adapter = {
  name: "Google's client on our emulator",
  isGoogles: false,
  open: () => openOurs((server) => openClients(server.host)),
};

const googles: Adapter = {
  name: "Google's client on Google's emulator",
  isGoogles: true,
  open: async () => {
    const clock = new LocalClock();
    const opened = openClients(googleFirestoreHost ?? "");
    return {
      ...opened,
      clock,
      faults: new WatchedFaults(),
      collection: () => opened.database.collection(`things/${randomUUID()}/${INDEXED}`),
    };
  },
};

/** All adapters that are available on this machine. */
export const adapters: readonly Adapter[] =
  googleFirestoreHost === undefined ? [direct, client] : [direct, client, googles];

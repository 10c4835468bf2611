import { afterAll, afterEach, beforeAll } from "@jest/globals";
import type { Fault } from "../../local/kit/faults.ts";
import type {
  CollectionReference,
  DocumentReference,
  Firestore,
} from "../../shared/ports/database.ts";
import { type Adapter, adapters, type OpenDatabase, outcomeOf } from "./databases.ts";

/** Every gRPC status code of a failure. https://grpc.io/docs/guides/status-codes/ */
export const CODES = Array.from({ length: 16 }, (_, index) => index + 1);
/** The code of a transaction that lost against another. */
export const ABORTED = 10;

/** Faults can only be planned on our emulator. */
export const ours = adapters.filter(({ isGoogles }) => !isGoogles);

/** Opens an adapter's database for the tests of a `describe`, each of which starts without faults. */
export function useFaults(adapter: Adapter) {
  let open: OpenDatabase;
  beforeAll(async () => {
    open = await adapter.open();
  });
  afterEach(() => open.faults.clear());
  afterAll(() => open.close());

  const plan = (operation: string, fault: Fault, times = 1) =>
    open.faults.add({ target: "firestore", operation: new RegExp(`^${operation}$`), fault, times });

  /** The requests that reach the server while `act` runs. */
  async function callsOf(act: () => Promise<unknown>) {
    open.faults.calls.length = 0;
    const outcome = await outcomeOf(act);
    open.faults.clear();
    // Nothing waits for a rollback, but it arrives before this.
    await open.database.doc("settled/one").get();
    return { outcome, calls: open.faults.calls.slice(0, -1) };
  }

  /** A read and a write, counting how often the transaction started. */
  async function transact(place: DocumentReference) {
    let attempts = 0;
    const { outcome, calls } = await callsOf(() =>
      open.database.runTransaction(async (transaction) => {
        attempts += 1;
        const n = Number((await transaction.get(place)).get("n") ?? 0);
        transaction.set(place, { n: n + 1 });
      }),
    );
    return { outcome, calls, attempts };
  }

  return {
    plan,
    callsOf,
    transact,
    database: (): Firestore => open.database,
    newCollection: (): CollectionReference => open.collection(),
  };
}

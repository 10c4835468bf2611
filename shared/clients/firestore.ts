import type {
  Firestore as Client,
  Query,
  ReadOnlyTransactionOptions,
  Transaction,
} from "@google-cloud/firestore";
import type { Database, Firestore } from "../ports/database.ts";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";

/**
 * Connects to Firestore; to `FIRESTORE_EMULATOR_HOST` when the library finds it in the environment.
 * https://cloud.google.com/nodejs/docs/reference/firestore/latest
 */
export function connectFirestore(config: Config<"GOOGLE_CLOUD_PROJECT">): Database {
  return lazy(async () => {
    const google = await import("@google-cloud/firestore");
    const client = new google.Firestore({
      projectId: config.GOOGLE_CLOUD_PROJECT,
      // Otherwise the library retries any failed read or query for some seconds, whatever its code.
      gaxServerStreamingRetries: true,
    });
    return adaptFirestore(client);
  });
}

/** Google's client as this project calls it. */
export function adaptFirestore(client: Client): Firestore {
  const sum = async (query: Query, field: string, transaction?: Transaction): Promise<number> => {
    const { AggregateField } = await import("@google-cloud/firestore");
    const asked = query.aggregate({ sum: AggregateField.sum(field) });
    const found = await (transaction ? transaction.get(asked) : asked.get());
    return found.data().sum;
  };
  const run = client.runTransaction.bind(client);
  const runTransaction: Firestore["runTransaction"] = (work, options) =>
    run((transaction) => {
      watchBeginning(transaction);
      return work(transaction as unknown as Parameters<typeof work>[0]);
    }, options as ReadOnlyTransactionOptions);
  // Its `getAll` also takes options among the places, which hides from TypeScript that it has this shape.
  return Object.assign(client, { sum, runTransaction }) as unknown as Firestore;
}

/**
 * Prevents a failed first read of a transaction from ending the process. The caller receives the error, but in a
 * read-only transaction the client leaves a second rejected promise that nobody awaits.
 */
function watchBeginning(transaction: Transaction): void {
  let begun: Promise<unknown> | undefined;
  Object.defineProperty(transaction, "_transactionIdPromise", {
    configurable: true,
    get: () => begun,
    set: (promise: Promise<unknown> | undefined) => {
      begun = promise;
      begun?.catch(() => {});
    },
  });
}

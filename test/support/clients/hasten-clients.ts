import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// Not exported by the package, but intended for tests: the timer that the client waits with.
const require = createRequire(import.meta.url);
const clientFolder = dirname(require.resolve("@google-cloud/firestore"));
const backoff: { delayExecution: (act: () => void, ms: number) => unknown } = require(
  join(clientFolder, "backoff.js"),
);

/**
 * Shortens the waits of Google's Firestore clients in this process until the returned function is called:
 * tests check what is done, not how long it takes. Different waits must remain different.
 */
export function hastenClients(shortened: (ms: number) => number): () => void {
  const { delayExecution } = backoff;
  backoff.delayExecution = (act, ms) => setTimeout(act, shortened(ms));
  return () => {
    backoff.delayExecution = delayExecution;
  };
}

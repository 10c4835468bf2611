import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// Not among the package's exports, but meant for tests: what the client waits with.
const require = createRequire(import.meta.url);
const clientFolder = dirname(require.resolve("@google-cloud/firestore"));
const backoff: { delayExecution: (act: () => void, ms: number) => unknown } = require(
  join(clientFolder, "backoff.js"),
);

/**
 * Shortens the waits of Google's Firestore clients in this process, until the function returned is called:
 * tests are about what is done, not how long it takes. Waits that are to differ must still do so.
 */
export function hastenClients(shortened: (ms: number) => number): () => void {
  const { delayExecution } = backoff;
  backoff.delayExecution = (act, ms) => setTimeout(act, shortened(ms));
  return () => {
    backoff.delayExecution = delayExecution;
  };
}

import { CommitLog } from "../../commits.ts";
import type { StudioHost } from "../../host.ts";
import { deadLettersPanel } from "./dead-letters/index.ts";
import { firestorePanel } from "./firestore/index.ts";
import { ledgerPanel } from "./ledger/index.ts";
import { messagesPanel } from "./messages/index.ts";
import { redisPanel } from "./redis/index.ts";
import { tracesPanel } from "./traces/index.ts";
import { TraceStore } from "./traces/trace-store.ts";

/** The panels of the page Inside. */
export function insidePanels(host: StudioHost) {
  const commits = new CommitLog(host);
  const store = new TraceStore(host.logs);
  return {
    firestore: firestorePanel(host, commits),
    ledger: ledgerPanel(host, commits),
    "dead-letters": deadLettersPanel(host, store, commits),
    messages: messagesPanel(host, store),
    redis: redisPanel(host),
    traces: tracesPanel(host, store, commits),
  };
}

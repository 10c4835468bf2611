import { CommitLog } from "../commits.ts";
import type { StudioHost } from "../host.ts";
import { firestorePanel } from "./firestore/index.ts";
import { tracesPanel } from "./traces/index.ts";

/** The panels of the page Inside. */
export function insidePanels(host: StudioHost) {
  const commits = new CommitLog(host);
  return {
    firestore: firestorePanel(host, commits),
    traces: tracesPanel(host, commits),
  };
}

import type { DeadLetterState } from "../../../../shared/documents/definitions/dead-letter.ts";
import type { ChangeDeadLetter } from "./change.ts";

/** The outcome of beginning a replay. */
export type ReplayStart =
  | { readonly outcome: "ready"; readonly replayId: string; readonly number: number }
  | { readonly outcome: "unknown" | "under-way" | "replayed" | "discarded" };

/** How long a replay may take; after that it counts as crashed. */
const REPLAY_TAKES_MS = 60_000;

/** Replays of dead letters: begun, then sent. */
export function createReplays(change: ChangeDeadLetter) {
  return {
    /**
     * Begins a replay of an open dead letter: from now on, a failure under `replayId` belongs to this dead letter. With
     * `isAgain`, also replays one that was replayed or discarded before. Of two concurrent calls, one gets `ready`.
     * Crash safety: after a crash before `replayed`, the state stays and a replay can begin again a minute later.
     */
    async beginReplay(
      id: string,
      idOfReplay: (number: number) => string,
      now: Date,
      isAgain: boolean,
    ): Promise<ReplayStart> {
      const start = await change<ReplayStart>(id, ({ state, replayIds, replayBegunAt }) => {
        if (state !== "open" && !isAgain) return { result: { outcome: state } };
        const sinceMs = now.getTime() - (replayBegunAt?.getTime() ?? Number.NEGATIVE_INFINITY);
        if (sinceMs < REPLAY_TAKES_MS) return { result: { outcome: "under-way" } };
        const number = replayIds.length + 1;
        const replayId = idOfReplay(number);
        const changes = { replayIds: [...replayIds, replayId], replayBegunAt: now };
        return { changes, result: { outcome: "ready", replayId, number } };
      });
      return start ?? { outcome: "unknown" };
    },

    /** Records a replay sent at `at`. The dead letter stays open if the replay's failure was stored first. */
    async replayed(id: string, replayId: string, at: Date): Promise<DeadLetterState> {
      const after = await change<DeadLetterState>(id, ({ history, failedReplayIds }) => {
        const state = failedReplayIds.includes(replayId) ? "open" : "replayed";
        const sent = { what: "replayed", at, reason: undefined } as const;
        // A failure at the same moment is this replay's, so it is sorted after it.
        const inOrder = [sent, ...history].sort((one, two) => one.at.getTime() - two.at.getTime());
        return { changes: { state, replayBegunAt: undefined, history: inOrder }, result: state };
      });
      return after ?? "replayed";
    },
  };
}

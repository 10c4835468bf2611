import { expiresAt, processedDocument } from "../../../shared/documents/definitions/processed.ts";
import type { Database } from "../../../shared/ports/database.ts";

/** The target of a command: the lobby it applies to, or the reason why there is none. */
export type CommandTarget = { readonly lobbyId: string } | { readonly refusal: string };

const readTarget = processedDocument.part("lobbyId", "refusal");

export type RaceCommands = ReturnType<typeof createRaceCommands>;

/** The recorded targets of race commands, in the `processed` collection. A repeated command has the same target. */
export function createRaceCommands(database: Database) {
  const reference = async (id: string) =>
    processedDocument.place(await database(), `race-command:${id}`);

  return {
    /** The lobby recorded as a command's target, if any. */
    async lobbyOf(id: string): Promise<string | undefined> {
      return readTarget(await (await reference(id)).get()).lobbyId;
    },

    /** A command's recorded target, or else the result of `decide`, which is then recorded. */
    async target(
      id: string,
      now: Date,
      decide: () => Promise<CommandTarget>,
    ): Promise<CommandTarget> {
      const place = await reference(id);
      const known = await place.get();
      if (!known.exists) {
        const target = await decide();
        const times = { processedAt: now, expiresAt: expiresAt(now) };
        if (await processedDocument.createNow(place, { ...target, ...times })) return target;
      }
      const { lobbyId, refusal = "" } = readTarget(known.exists ? known : await place.get());
      return lobbyId === undefined ? { refusal } : { lobbyId };
    },
  };
}

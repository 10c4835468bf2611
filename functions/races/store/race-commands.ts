import { expiresAt, processedDocument } from "../../../shared/documents/definitions/processed.ts";
import type { Database } from "../../../shared/ports/database.ts";

/** The target of a command: the lobby it applies to, or the reason why there is none. */
export type Meaning = { readonly lobbyId: string } | { readonly refusal: string };

const readMeaning = processedDocument.part("lobbyId", "refusal");

export type RaceCommands = ReturnType<typeof createRaceCommands>;

/** The recorded targets of race commands, in the `processed` collection. A repeated command has the same target. */
export function createRaceCommands(database: Database) {
  const reference = async (id: string) =>
    processedDocument.place(await database(), `race-command:${id}`);

  return {
    /** The lobby recorded as a command's target, if any. */
    async lobbyOf(id: string): Promise<string | undefined> {
      return readMeaning(await (await reference(id)).get()).lobbyId;
    },

    /** A command's recorded target, or else the result of `decide`, which is then recorded. */
    async meaning(id: string, now: Date, decide: () => Promise<Meaning>): Promise<Meaning> {
      const place = await reference(id);
      const known = await place.get();
      if (!known.exists) {
        const meaning = await decide();
        const times = { processedAt: now, expiresAt: expiresAt(now) };
        if (await processedDocument.createNow(place, { ...meaning, ...times })) return meaning;
      }
      const { lobbyId, refusal = "" } = readMeaning(known.exists ? known : await place.get());
      return lobbyId === undefined ? { refusal } : { lobbyId };
    },
  };
}

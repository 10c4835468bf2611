import { processedDocument } from "../../../shared/documents/definitions/processed.ts";
import { expiresAt } from "../../../shared/documents/document.ts";
import type { Database } from "../../../shared/ports/database.ts";

/** What a command came to mean: the lobby that it is about, or why there is none. */
export type Meaning = { readonly lobbyId: string } | { readonly refusal: string };

const readMeaning = processedDocument.part("lobbyId", "refusal");

export type RaceCommands = ReturnType<typeof createRaceCommands>;

/** What commands of races meant, in the `processed` collection: a repeat means the same. */
export function createRaceCommands(database: Database) {
  const reference = async (id: string) =>
    processedDocument.place(await database(), `race-command:${id}`);

  return {
    /** The lobby that a command was recorded to mean. */
    async lobbyOf(id: string): Promise<string | undefined> {
      return readMeaning(await (await reference(id)).get()).lobbyId;
    },

    /** What a command means: as it was recorded, else as `decide` says, which is recorded. */
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

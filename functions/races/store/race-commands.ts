import * as z from "zod/mini";
import {
  createdNow,
  expiresAt,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type { Database } from "../../../shared/ports/database.ts";

/** What a command came to mean: the lobby that it is about, or why there is none. */
export type Meaning = { readonly lobbyId: string } | { readonly refusal: string };

const meaningDocument = z.object({
  lobby_id: stored(z.string()),
  refusal: stored(z.string()),
  processed_at: timestamp,
});

export type RaceCommands = ReturnType<typeof createRaceCommands>;

/** What commands of races meant, in the `processed` collection: a repeat means the same. */
export function createRaceCommands(database: Database) {
  return {
    /** The lobby that a command was recorded to mean. */
    async lobbyOf(id: string): Promise<string | undefined> {
      const place = (await database()).collection("processed").doc(`race-command:${id}`);
      const known = await place.get();
      return known.exists
        ? parseDocument(place.path, meaningDocument, known.data()).lobby_id
        : undefined;
    },

    /** What a command means: as it was recorded, else as `decide` says, which is recorded. */
    async meaning(id: string, now: Date, decide: () => Promise<Meaning>): Promise<Meaning> {
      const place = (await database()).collection("processed").doc(`race-command:${id}`);
      const known = await place.get();
      if (!known.exists) {
        const meaning = await decide();
        const fields =
          "lobbyId" in meaning ? { lobby_id: meaning.lobbyId } : { refusal: meaning.refusal };
        const times = { processed_at: now, expires_at: expiresAt(now) };
        if (await createdNow(place, { ...fields, ...times })) return meaning;
      }
      const recorded = known.exists ? known : await place.get();
      const fields = parseDocument(place.path, meaningDocument, recorded.data());
      return fields.lobby_id === undefined
        ? { refusal: fields.refusal ?? "" }
        : { lobbyId: fields.lobby_id };
    },
  };
}

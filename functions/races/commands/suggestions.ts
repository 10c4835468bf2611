import {
  type Asked,
  type CacheDeps,
  type Choice,
  cached,
} from "../../../shared/autocomplete/suggestions.ts";
import type { Deps } from "../deps.ts";
import { seriesKeyOf } from "../domain/series.ts";

/** What options of commands may offer, by what the options call it in `suggest`. */
export const raceSuggestions = {
  lobbies: ownLobbies,
  series: ownSeries,
} as const;

type LobbyDeps = CacheDeps & Pick<Deps, "lobbies">;

/** A host's lobbies, newest first. */
function ownLobbies({ userId }: Asked, deps: LobbyDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "lobbies" }, deps, async () =>
    (await deps.lobbies.ofHost(userId)).map(({ id, name, state }) => ({
      id,
      label: [name, state].join(" · "),
    })),
  );
}

/** The series of a host's last races, the newest first. */
function ownSeries({ userId }: Asked, deps: LobbyDeps): Promise<readonly Choice[]> {
  return cached({ whose: userId, name: "series" }, deps, async () => {
    const names = (await deps.lobbies.ofHost(userId)).flatMap(({ series }) => series ?? []);
    const byKey = new Map(names.toReversed().map((name) => [seriesKeyOf(name), name]));
    return [...byKey.values()].toReversed().map((name) => ({ id: name, label: name }));
  });
}

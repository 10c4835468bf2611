import {
  type Asked,
  type CacheDeps,
  type Choice,
  cached,
} from "../../../shared/autocomplete/suggestions.ts";
import type { Deps } from "../deps.ts";

/** The suggestions for command options, by the name in the option's `suggest`. */
export const auctionSuggestions = {
  auctions,
} as const;

/** A builder's auctions, newest first; for staff, everyone's. */
function auctions(
  { userId, isStaff }: Asked,
  deps: CacheDeps & Pick<Deps, "auctions">,
): Promise<readonly Choice[]> {
  const load = () => (isStaff ? deps.auctions.newest() : deps.auctions.ofBuilder(userId));
  return cached({ whose: isStaff ? "staff" : userId, name: "auctions" }, deps, async () => {
    const broken = await deps.auctions.unreadableOpen(isStaff ? undefined : userId);
    return [
      ...broken.map(({ id, title = id }) => ({ id, label: `${title} · can't be read: cancel it` })),
      ...(await load()).map(({ id, title, state }) => ({ id, label: `${title} · ${state}` })),
    ];
  });
}

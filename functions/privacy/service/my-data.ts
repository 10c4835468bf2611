import type { Deps } from "../deps.ts";

/** More of one kind would make a file larger than Discord's 10 MB. */
const MAX_ROWS = 5000;

/** What the file says of itself, and where else there is something. */
const ABOUT = [
  "Everything this shop stores about you. Times are UTC; other people are called person 1, person 2 and so on.",
  "Not included, because it is deleted within days: bids of running auctions as they come in, a drop form you have just sent, choices you were offered while typing, and logs.",
  "Stripe keeps payments and payouts with the name and address you gave there: https://support.stripe.com. Messages in Discord, and videos on Twitch, stay there.",
  "`/c500 forget me` removes it.",
];

/**
 * All that is stored about someone, as the text of a JSON file for their own eyes; undefined when there is
 * nothing. Nobody else's id or words are in it.
 */
export async function myData(
  userId: string,
  { personalData, clock }: Pick<Deps, "personalData" | "clock">,
): Promise<string | undefined> {
  const viewer = { userId, self: "you", nameOf: otherPeople() };
  const sections: Record<string, unknown[]> = {};
  const leftOut: Record<string, number> = {};
  for await (const { section, fields } of personalData.record.of(viewer)) {
    const rows = sections[section] ?? [];
    sections[section] = rows;
    if (rows.length >= MAX_ROWS) leftOut[section] = (leftOut[section] ?? 0) + 1;
    else rows.push(fields);
  }
  if (Object.keys(sections).length === 0) return undefined;
  const isWhole = Object.keys(leftOut).length === 0;
  const content = {
    about: ABOUT,
    your_discord_id: userId,
    made_at: clock.now(),
    ...(!isWhole && { left_out_ask_the_team: leftOut }),
    ...sections,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Names for other people, each the same wherever they occur in one file, and of no use elsewhere. */
function otherPeople(): (id: string) => string {
  const names = new Map<string, string>();
  return (id) => {
    const known = names.get(id) ?? `person ${names.size + 1}`;
    names.set(id, known);
    return known;
  };
}

import type { Deps } from "../deps.ts";

/** More of one kind would make a file larger than Discord's 10 MB. */
const MAX_ROWS = 5000;

/** Explains the file, and where else data about the user is stored. */
const ABOUT = [
  "Everything this shop stores about you. Times are UTC; other people are called person 1, person 2 and so on.",
  "Not included, because it is deleted within days: bids of running auctions as they come in, a drop form you have just sent, choices you were offered while typing, and logs.",
  "Stripe keeps payments and payouts with the name and address you gave there: https://support.stripe.com. Messages in Discord, and videos on Twitch, stay there.",
  "`/c500 forget me` removes it.",
];

/**
 * Everything stored about a user, as the text of a JSON file; undefined if there is nothing. It contains no other
 * person's id or words.
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

/** Replaces other people's ids by names that are consistent within one file and meaningless outside it. */
function otherPeople(): (id: string) => string {
  const names = new Map<string, string>();
  return (id) => {
    const known = names.get(id) ?? `person ${names.size + 1}`;
    names.set(id, known);
    return known;
  };
}

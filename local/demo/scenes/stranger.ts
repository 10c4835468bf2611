import { actors, type Reading } from "../actors/actors.ts";
import { people, STRANGERS_LOGIN, type Stage } from "../cast.ts";
import { differences, everythingBut } from "../stored.ts";
import type { Timeline } from "../timeline.ts";

const TEAM_ONLY = "That's for the team";
const NOT_APPROVED = "has yet to approve you";

/**
 * Plays a stranger who fails to act as a builder, to take over a builder's channel, to approve
 * themselves, to host a race and to be paid. Afterwards every document, channel and DM is
 * unchanged, except what concerns only the stranger: see `everythingBut`.
 */
export async function playStranger(stage: Stage, timeline: Timeline): Promise<void> {
  const act = { ...actors(stage, timeline), refuses: refusals(timeline) };
  const before = await everythingBut(people.stranger, stage);
  await triesToSell(act, timeline);
  await wantsSomebodysChannel(stage, act, timeline);
  await approvesThemselves(act, timeline);
  await wantsMoney(act, timeline);

  timeline.scene("The team declines the stranger");
  const reason = "That isn't a shop.";
  await act.types("vera", "c500 builders decline", { builder: people.stranger, reason });
  const dm = stage.discord.dms(people.stranger).at(-1)?.content ?? "";
  timeline.expect("the stranger reads why", dm.includes(reason));
  const again = await act.types("stranger", "c500 register");
  act.refuses("and can't ask again", again, "didn't approve you");
  const changed = differences(before, await everythingBut(people.stranger, stage));
  timeline.table(changed.map((name) => `differs: ${name}`));
  timeline.expect("every document, channel and DM of others is unchanged", changed.length === 0);
}

/** Checks that an answer is a refusal with these words. */
export function refusals(timeline: Timeline) {
  return (what: string, { text }: Pick<Reading, "text">, words: string): void =>
    timeline.expect(what, text.includes(words));
}

type Act = ReturnType<typeof actors> & { readonly refuses: ReturnType<typeof refusals> };

async function triesToSell(
  { types, opensForm, fillsIn, refuses }: Act,
  timeline: Timeline,
): Promise<void> {
  timeline.scene("A stranger tries to sell");
  const sellers = "That's for C500 builders";
  refuses("no alert", await types("stranger", "c500 live", { context: "drop" }), sellers);
  const form = await opensForm("stranger", "c500 drop", { payment: "split" });
  const drop = { title: "Half price!", price: "1", quantity: "5", description: "" };
  refuses("no drop", await fillsIn("stranger", form, drop), sellers);
  const auction = { title: "Rare board", price: "1", duration: "1m" };
  refuses("no auction", await types("stranger", "c500 auction start", auction), sellers);
  refuses("no payouts", await types("stranger", "c500 payouts", { country: "US" }), sellers);
}

async function wantsSomebodysChannel(
  { firestore }: Stage,
  { types, signsIn, refuses }: Act,
  timeline: Timeline,
): Promise<void> {
  timeline.scene("The stranger wants Mina's channel, or Otto's");
  const minas = await signsIn("stranger", await types("mina", "c500 register"), STRANGERS_LOGIN);
  const taken = await types("stranger", "c500 register", { code: minas.code });
  refuses("a code from Mina's link works for nobody else", taken, "No sign-in matches this code");
  const sent = await types("stranger", "c500 register");
  const ottos = await signsIn("otto", sent, "otto_builds");
  const warning = { text: ottos.page };
  refuses("Otto, who received the stranger's link, is warned", warning, "do not give");
  const guess = await types("stranger", "c500 register", { code: "BCDF-2345" });
  refuses("without the code Otto's channel is not the stranger's", guess, "isn't the code");
  const own = await types("otto", "c500 register", { code: ottos.code });
  refuses("nor is it proved by the stranger's link for Otto", own, "No sign-in matches this code");

  const link = await types("stranger", "c500 register");
  const { code } = await signsIn("stranger", link, STRANGERS_LOGIN);
  const again = await signsIn("stranger", link, "mina_makes");
  refuses("a link works once", { text: again.page }, "That link was already used");
  await types("stranger", "c500 register", { code });
  const owners = await firestore
    .collection("builders")
    .where("twitch_username", "in", ["mina_makes", "otto_builds"])
    .get();
  timeline.expect(
    "each channel still has only its own builder",
    owners.docs.map(({ id }) => id).join() === [people.mina, people.otto].join(),
  );
}

async function approvesThemselves(act: Act, timeline: Timeline): Promise<void> {
  const { types, pressesInNotice, pressesUnder, refuses } = act;
  timeline.scene("The stranger proves their own channel and wants to be approved");
  const order = { context: "order", orders: "cs_test_123" };
  refuses("proof is not approval", await types("stranger", "c500 live", order), NOT_APPROVED);
  const builder = { builder: people.stranger };
  const approve = await types("stranger", "c500 builders approve", builder);
  refuses("nobody approves themselves", approve, TEAM_ONLY);
  const pressed = await pressesInNotice("stranger", "Approve");
  refuses("nor with the operators' button", pressed, TEAM_ONLY);

  timeline.scene("The stranger wants to host a race, for a share of the merch sales");
  const lobby = await types("stranger", "race lobby", { name: "Only me" });
  refuses("no lobby", lobby, "That's for race hosts");
  const asked = await pressesUnder("stranger", lobby, "Ask to host");
  refuses("a request is not an approval", asked, NOT_APPROVED);
  const host = { host: people.stranger };
  refuses("no host by command", await types("stranger", "c500 hosts approve", host), TEAM_ONLY);
  refuses("nor by button", await pressesInNotice("stranger", "Approve"), TEAM_ONLY);
  const still = await types("stranger", "race lobby", { name: "Only me" });
  refuses("still no lobby", still, NOT_APPROVED);
}

async function wantsMoney({ types, refuses }: Act, timeline: Timeline): Promise<void> {
  timeline.scene("The stranger wants money, and to bar others from bidding");
  const payout = await types("stranger", "payout", { user: people.stranger, amount: "$50.00" });
  refuses("no payout", payout, TEAM_ONLY);
  const refund = await types("stranger", "c500 refund", { order: "cs_test_123", amount: "$1.00" });
  refuses("no refund", refund, "can't find that order");
  const bar = { bidder: people.mina, reason: "Mine!" };
  refuses("nobody is barred", await types("stranger", "c500 auction bar", bar), TEAM_ONLY);
  const lift = await types("stranger", "c500 auction lift", { bidder: people.stranger });
  refuses("no bar is lifted", lift, NOT_APPROVED);
}

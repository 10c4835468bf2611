import { useCommand } from "../../../people.ts";
import { mustHold } from "../../../rules.ts";
import { noteSometimes, type Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { storedOrders } from "../../shop/checks/books.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";
import { type Attempt, attempts, type Target } from "./attempts.ts";

const PLACE = "attacks";
/** What has never been sold. */
const UNKNOWN = "300000000000000000";
const OPENED_FORM = 9;

/** What somebody tried with another's order. */
interface Attack {
  readonly what: string;
  readonly user: string;
  /** The interaction's id. */
  readonly id: string;
}

/** Who tries once mostly tries something else, too. */
const TRIES = [1, 3, 5];

/** Somebody types commands about what is not theirs. */
export async function typeForOthers(stage: Stage, pick: Pick): Promise<void> {
  for (const _ of Array(pick(TRIES))) {
    await attack(stage, pick, (name) => name.startsWith("c500 "));
  }
}

/** Somebody presses buttons and sends forms of what is not theirs. */
export async function pressForOthers(stage: Stage, pick: Pick): Promise<void> {
  for (const _ of Array(pick(TRIES))) {
    await attack(stage, pick, (name) => !name.startsWith("c500 "));
  }
}

async function attack(stage: Stage, pick: Pick, isMeant: (name: string) => boolean): Promise<void> {
  const possible = Object.entries(attempts).filter(
    ([name, ways]) => isMeant(name) && ways.length > 0,
  );
  const [name, ways] = pick(possible);
  const attempt = pick(ways);
  const { target, buyer } = await targetOf(stage, pick);
  const user = attackerOf(stage, pick, attempt, buyer);
  const { id } = await attempt.send(stage, user, target, pick);
  attacksOf(stage).push({ what: `${name} of ${JSON.stringify(target)}`, user, id });
  noteSometimes(stage, `attack: ${name}`);
}

/** Somebody who may do neither what its buyer nor, unless it is allowed, what its builder and staff may. */
function attackerOf(stage: Stage, pick: Pick, { of, mayStaff }: Attempt, buyer: string): string {
  const { builder, buyers } = marketOf(stage);
  const { stranger, rival, staff } = othersOf(stage);
  const others = buyers.filter((each) => each !== buyer);
  const own = of === "buyer" ? [builder] : [buyer];
  return pick([stranger, rival, pick(others), ...own, ...(mayStaff ? [] : [staff])]);
}

/** An order in whatever state, or one that nobody has made. */
async function targetOf(stage: Stage, pick: Pick) {
  const { builder, drops } = marketOf(stage);
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  const { id, buyer, parcelId = id } = pick(orders);
  const auctions = await stage.withoutFaults(() => stage.database.collection("auctions").get());
  const refused = stage.discord
    .events()
    .flatMap((event) =>
      event.kind === "interaction-sent" &&
      event.userId === builder &&
      event.what.startsWith("submit ship-form")
        ? [event.interactionId]
        : [],
    );
  const target: Target = {
    order: pick([id, id, id, UNKNOWN]),
    parcel: pick([parcelId, parcelId, parcelId, UNKNOWN]),
    drop: pick(drops),
    auction: pick([UNKNOWN, ...auctions.docs.map((auction) => auction.id)]),
    draft: pick([UNKNOWN, ...refused]),
    builder,
  };
  return { target, buyer };
}

/** Staff suspend the other builder, or let them continue. */
export async function suspendRival(stage: Stage, pick: Pick): Promise<void> {
  const { staff, rival } = othersOf(stage);
  if (pick([true, false])) {
    await useCommand(stage, staff, "c500 builders suspend", { builder: rival, reason: "Spam" });
  } else await useCommand(stage, staff, "c500 builders restore", { builder: rival });
}

/** The answers to people who may not do something, or not any more, or not so often. */
const REFUSED = new RegExp(
  [
    "can't find that (?:order|drop|auction)",
    "(?:isn't|not) yours",
    "Nothing is waiting|Nobody has (?:asked|reported)",
    "can't refund",
    "[Oo]nly",
    "too (?:many|often|fast)|slow|took too long|later",
    "isn't paid|bank is looking",
    "That's for (?:the team|C500 builders)",
    "No parcel was marked as sent",
    "The team has suspended you",
    "no longer|older version|typed it in is gone|isn't there any more",
    "I didn't get|didn't arrive the way|I couldn't take that",
  ].join("|"),
);

/** S12: everybody who tried something with what is not theirs was refused, in words. */
export function checkAttacks(stage: Stage): void {
  for (const { what, user, id } of attacksOf(stage)) {
    const seen = stage.discord.interaction(id);
    const response = seen?.response as { readonly type?: number; data?: { content?: string } };
    const answer = seen?.original?.content ?? response?.data?.content ?? "";
    // An answer may be lost; that nothing has happened is checked all the same.
    const isRefused = response?.type !== OPENED_FORM && (answer === "" || REFUSED.test(answer));
    mustHold("S12", isRefused, () => `${user} tried ${what} and was answered: ${answer}`);
  }
}

function attacksOf({ memory }: Stage): Attack[] {
  const attacks = (memory.get(PLACE) ?? []) as Attack[];
  memory.set(PLACE, attacks);
  return attacks;
}

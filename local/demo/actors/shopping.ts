import { community } from "../../cloud/community.ts";
import { recipientIn } from "../../stripe/objects/addresses.ts";
import { type Person, people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";
import { actors, type Reading, sessionIn } from "./actors.ts";

/** Where a buyer lives. */
export interface Home {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** As the list in Discord names it. */
  readonly name: string;
}

const HOMES: readonly [Home, ...Home[]] = [
  { country: "US", name: "United States" },
  { country: "DE", name: "Germany" },
  { country: "CA", name: "Canada" },
  { country: "JP", name: "Japan" },
  { country: "GB", name: "United Kingdom" },
];

/** Where one of the crowd lives, always the same: a buyer is asked for the country only once. */
export function homeOf(who: Person): Home {
  return HOMES[Object.keys(people).indexOf(who) % HOMES.length] ?? HOMES[0];
}

/** What a builder offers. */
interface Offer {
  readonly title: string;
  readonly price: string;
  readonly quantity: string;
  readonly plan?: "split" | "held";
}

/** Builders offer things, and people buy them. */
export function shopping(stage: Stage, timeline: Pick<Timeline, "does" | "printEvents">) {
  const { discord, stripe } = stage;
  const act = actors(stage, timeline);

  const pays = async (who: Person, sessionId: string, { country }: Home): Promise<void> => {
    timeline.does(who, "types an address at Stripe and pays");
    stripe.pay(sessionId, "card", { shipping: recipientIn(country, who) });
    await timeline.printEvents();
  };

  /** Presses Buy Now; where it should go is asked if the drop ships and the buyer has no address. */
  const reserves = async (who: Person, dropId: string, { name }: Home) => {
    const channelId = community.marketplaceChannelId;
    const posts = discord.messages(channelId);
    const post = posts.find(({ components }) => JSON.stringify(components).includes(dropId));
    timeline.does(who, `presses Buy Now under ${post?.embeds[0]?.title}`);
    const place = { channelId, messageId: post?.id ?? "" };
    const pressed = await act.presses(who, place, `drop-buy:${dropId}`);
    await timeline.printEvents();
    const answers: Reading[] = [act.read(pressed)];
    if (answers[0]?.text.includes("Where should it go?")) {
      answers.push(await act.chooses(who, answers[0], name));
    }
    const last = answers.at(-1) ?? act.read(pressed);
    return { who, orderId: last.id, sessionId: sessionIn(last) ?? "", answers };
  };

  return {
    pays,
    reserves,

    /** Posts a drop and returns its id. */
    async postsDrop(builder: Person, { plan = "split", ...offer }: Offer): Promise<string> {
      const form = await act.opensForm(builder, "c500 drop", { payment: plan });
      return (await act.fillsIn(builder, form, { ...offer, description: "" })).id;
    },

    /** Presses Buy Now and pays. */
    async buys(who: Person, dropId: string, home: Home) {
      const reserved = await reserves(who, dropId, home);
      await pays(who, reserved.sessionId, home);
      return reserved;
    },
  };
}

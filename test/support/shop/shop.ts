import type { FieldValue } from "../../../local/discord/client/component-data.ts";
import type { SeenInteraction } from "../../../local/discord/inspection.ts";
import { community, type TestCloud } from "../cloud.ts";

/** The final answer, which only its user sees. */
export interface Answer {
  readonly interactionId: string;
  readonly text: string;
  /** All text of the embeds, for searching. */
  readonly embeds: string;
  readonly buttons: readonly { label: string; url?: string; custom_id?: string }[];
  /** The list from which its user is to choose, if there is one. */
  readonly select: SeenSelect | undefined;
}

interface SeenSelect {
  readonly custom_id: string;
  readonly options: readonly { label: string; value: string; description?: string }[];
}

/** The filled-in fields of a drop's form. */
export interface DropFields {
  readonly title?: string;
  readonly price?: string;
  readonly quantity?: string;
  readonly description?: string;
  readonly payment?: "split" | "held";
  readonly limit?: number;
}

/** An interaction's answer as its user currently sees it. */
export function toAnswer(discord: TestCloud["discord"], interactionId: string): Answer {
  const seen = discord.interaction(interactionId);
  const response = seen?.response;
  const immediate = response?.type === 4 ? response.data : undefined;
  const message = seen?.original ?? immediate;
  const rows = (message?.components ?? []) as readonly {
    components: readonly (Answer["buttons"][number] | SeenSelect)[];
  }[];
  const components = rows.flatMap((row) => row.components);
  return {
    interactionId,
    text: message?.content ?? "",
    embeds: JSON.stringify(message?.embeds ?? []),
    buttons: components.filter((each): each is Answer["buttons"][number] => "label" in each),
    select: components.find((each): each is SeenSelect => "options" in each),
  };
}

/** Terms that cost nothing and ask no buyer for their country. */
export const freeShipping = { from: "US", home: "0", world: "0" } as const;

type OptionValues = Readonly<Record<string, string | number | boolean>>;

/** People who use the shop through Discord and pay at Stripe. */
export function shoppers(cloud: TestCloud) {
  const { discord, stripe, twitch, clock } = cloud;
  const endpoint = cloud.url("discord-interactions");
  let next = 1;

  async function answerTo({ id }: SeenInteraction): Promise<Answer> {
    await cloud.settle();
    return readAnswer(id);
  }

  const readAnswer = (interactionId: string): Answer => toAnswer(discord, interactionId);

  /** Signs in at Twitch with the link of an answer, and reads the page after it. */
  const signIn = async ({ buttons }: Answer, login: string | undefined) => {
    const link = buttons.find(({ label }) => label === "Sign in at Twitch")?.url ?? "";
    const page = await cloud.fetch(twitch.signIn(link, login));
    const text = await page.text();
    return { status: page.status, text, code: /register code:([\w-]+)/.exec(text)?.[1] ?? "" };
  };

  /** Registers someone with their own channel: the link, Twitch, the code. */
  const register = async (user: string, login: string): Promise<Answer> => {
    const { code } = await signIn(await command(user, "c500 register"), login);
    const answer = await command(user, "c500 register", { code });
    // Their next action must be later than the request that asked Twitch whether they are live.
    await clock.advance(1000);
    return answer;
  };

  const accountOf = async (builderId: string): Promise<string> => {
    const builder = await cloud.firestore.doc(`builders/${builderId}`).get();
    return String(builder.get("stripe_account_id"));
  };

  const post = (dropId: string) => {
    const posts = discord.messages(community.marketplaceChannelId);
    const found = posts.find(({ components }) => JSON.stringify(components).includes(dropId));
    if (!found) throw new Error(`There is no post of drop ${dropId}.`);
    return found;
  };

  /** Presses a button of the drop's post; does not wait for the final answer. */
  const press = (user: string, dropId: string, button = "drop-buy"): Promise<SeenInteraction> =>
    discord.client.component(endpoint, {
      user,
      channelId: community.marketplaceChannelId,
      message: post(dropId).id,
      customId: `${button}:${dropId}`,
    });

  /** Chooses from the list under an answer; does not wait for the final answer. */
  const choose = (user: string, { interactionId, select }: Answer, value: string) =>
    discord.client.component(endpoint, {
      user,
      channelId: community.marketplaceChannelId,
      message: discord.interaction(interactionId)?.original?.id ?? "",
      customId: select?.custom_id ?? "",
      values: [value],
    });

  /** Buys from an outdated post: its button can still be pressed. */
  const buyFromOldPost = async (user: string, dropId: string): Promise<Answer> =>
    answerTo(
      await discord.client.raw(endpoint, {
        user,
        channelId: community.marketplaceChannelId,
        message: post(dropId).id,
        type: 3,
        data: { custom_id: `drop-buy:${dropId}`, component_type: 2 },
      }),
    );

  /** Presses Buy Now, chooses how many where that is asked, and returns the last answer. */
  const buyNow = async (user: string, dropId: string, quantity = 1): Promise<Answer> => {
    const answer = await answerTo(await press(user, dropId));
    const isAsked = answer.select?.custom_id.startsWith("drop-quantity:");
    return isAsked ? answerTo(await choose(user, answer, String(quantity))) : answer;
  };

  /** A Discord user who has done nothing yet. */
  const person = (fields: { dmsClosed?: boolean; permissions?: string } = {}): string => {
    const id = `3000000000000${String(next++).padStart(5, "0")}`;
    discord.addUser({ id, username: `person_${id.slice(-5)}`, ...fields });
    return id;
  };

  /** Runs a command and returns the answer once everything has settled. */
  const command = async (
    user: string,
    name: string,
    options: OptionValues = {},
  ): Promise<Answer> => {
    const use = { user, channelId: community.generalChannelId, name, options };
    return answerTo(await discord.client.command(endpoint, use));
  };

  /** Sends the drop form; the answer says whether it was accepted. */
  const sendDropForm = async (user: string, fields: DropFields = {}): Promise<Answer> => {
    const { payment = "split", limit, ...typed } = fields;
    const asked = await discord.client.command(endpoint, {
      user,
      channelId: community.generalChannelId,
      name: "c500 drop",
      options: { payment, ...(limit && { limit }) },
    });
    const values = { title: "Brass weight", price: "12.50", quantity: "3", description: "" };
    const sent = { of: asked.id, values: { ...values, ...typed } };
    return answerTo(await discord.client.modalSubmit(endpoint, sent));
  };

  /** The Checkout Session behind an answer's link. */
  const sessionOf = (answer: Answer): string => {
    const url = answer.buttons.find((button) => button.url)?.url ?? "";
    const session = /cs_[A-Za-z0-9_]+/.exec(url)?.[0];
    if (!session) throw new Error(`There is no payment link in: ${answer.text}`);
    return session;
  };

  return {
    accountOf,
    post,
    press,
    choose,
    buyNow,
    buyFromOldPost,
    person,
    command,
    sendDropForm,
    sessionOf,
    readAnswer,
    signIn,
    register,
    /** A registered builder who can be paid, and has said where they ship; live on Twitch if requested. */
    async builder({
      isLive = false,
      terms = freeShipping,
    }: {
      readonly isLive?: boolean;
      readonly terms?: OptionValues | "none";
    } = {}): Promise<{ id: string; login: string }> {
      const id = person();
      const login = `builder_${id.slice(-5)}`;
      twitch.addUser({ id: `9${id.slice(-5)}`, login });
      if (isLive) twitch.goLive(login, { title: "At the bench" });
      await register(id, login);
      await command(id, "c500 payouts", { country: "US" });
      stripe.completeOnboarding(await accountOf(id));
      await cloud.settle();
      if (terms !== "none") await command(id, "c500 shipping", terms);
      return { id, login };
    },

    /** Posts a drop; returns its id. */
    async drop(builderId: string, fields: DropFields = {}): Promise<string> {
      const { interactionId, text } = await sendDropForm(builderId, fields);
      if (!text.includes("is up in")) throw new Error(`The drop was refused: ${text}`);
      return interactionId;
    },

    /** A new buyer buys and pays; returns the order's id. */
    async purchase(dropId: string, buyer = person(), quantity = 1) {
      const answer = await buyNow(buyer, dropId, quantity);
      const sessionId = sessionOf(answer);
      stripe.pay(sessionId);
      await cloud.settle();
      return { orderId: answer.interactionId, buyer, sessionId };
    },

    /** Presses "Give it back" under the answer to Buy Now, which is the order's id. */
    async giveBack(user: string, orderId: string): Promise<Answer> {
      const message = discord.interaction(orderId)?.original?.id ?? "";
      const channelId = community.marketplaceChannelId;
      const customId = `order-cancel:${orderId}`;
      return answerTo(
        await discord.client.component(endpoint, { user, channelId, message, customId }),
      );
    },

    /** Presses a button of an answer that only its user sees; gives the interaction's id and the answer. */
    async pressIn(user: string, { interactionId, buttons }: Answer, label: string) {
      const customId = buttons.find((button) => button.label === label)?.custom_id ?? "";
      const seen = discord.interaction(interactionId);
      const message = seen?.original?.id ?? "";
      const channelId = seen?.channelId ?? community.generalChannelId;
      return answerTo(
        await discord.client.component(endpoint, { user, channelId, message, customId }),
      );
    },

    /** The texts that a form shows, by the names of its fields. */
    shownForm(interactionId: string): Readonly<Record<string, string | undefined>> {
      const response = discord.interaction(interactionId)?.response;
      if (response?.type !== 9) throw new Error(`${interactionId} shows no form.`);
      const { components } = response.data as unknown as {
        components: { component: { custom_id: string; value?: string } }[];
      };
      return Object.fromEntries(
        components.map(({ component }) => [component.custom_id, component.value]),
      );
    },

    /** Sends the form that an interaction showed. */
    async fillIn(of: string, values: Readonly<Record<string, FieldValue>>): Promise<Answer> {
      return answerTo(await discord.client.modalSubmit(endpoint, { of, values }));
    },

    /** An order as it is stored. */
    async order(orderId: string): Promise<Record<string, unknown>> {
      return (await cloud.firestore.doc(`orders/${orderId}`).get()).data() ?? {};
    },

    /** Units of a drop by their state. */
    async stock(dropId: string) {
      const units = await cloud.firestore.collection(`inventory/${dropId}/units`).get();
      const counts = { free: 0, reserved: 0, sold: 0 };
      for (const unit of units.docs) counts[unit.get("state") as keyof typeof counts] += 1;
      return counts;
    },

    /** The value of a field in the embed of a drop's post. */
    shown(dropId: string, name: string): string | undefined {
      return post(dropId).embeds[0]?.fields?.find((field) => field.name === name)?.value;
    },

    /** The Buy Now button of a drop's post. */
    buyButton(dropId: string): { label: string; disabled: boolean } | undefined {
      const [row] = post(dropId).components as unknown as {
        components: { label: string; disabled: boolean }[];
      }[];
      return row?.components[0];
    },

    /** Goes live with an order, as its builder. */
    proveOnStream(builderId: string, orderId: string): Promise<Answer> {
      return command(builderId, "c500 live", { context: `order:${orderId}` });
    },

    /** The DMs that the bot has sent to someone, oldest first. */
    messagesTo(user: string): string[] {
      return discord.dms(user).map(({ content, embeds }) => `${content} ${JSON.stringify(embeds)}`);
    },

    /** Lets minutes pass, and everything that is due with them. */
    async pass(minutes: number): Promise<void> {
      await cloud.pass(minutes * 60_000);
    },
  };
}

import * as z from "zod/mini";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { text, url } from "../requests/parameters.ts";
import type { World } from "../world.ts";

/** Stripe only says that the lifetime is short; the links in its examples live this long. */
const LIFE_SECONDS = 5 * 60;

/** https://docs.stripe.com/api/account_links/create */
export const onboardingLinkParameters = z.strictObject({
  account: text(),
  type: z.literal("account_onboarding", {
    error: "Only account_onboarding links can be made for accounts with a Stripe-hosted dashboard.",
  }),
  refresh_url: url,
  return_url: url,
  collection_options: z.optional(
    z.strictObject({ fields: z.enum(["currently_due", "eventually_due"]) }),
  ),
});

/** A link's account and URLs. */
export interface OnboardingLink {
  readonly accountId: string;
  readonly refreshUrl: string;
  readonly returnUrl: string;
  readonly expiresAtSeconds: number;
  visited: boolean;
}

/** A link that still opens its page. */
export interface OpenLink {
  readonly accountId: string;
  readonly url: string;
}

/** Links to the onboarding page. Each opens it once, within minutes. */
export class OnboardingLinks {
  #world: World;
  #links = new Map<string, OnboardingLink>();

  constructor(world: World) {
    this.#world = world;
  }

  persistIn(state: PersistentState): void {
    state.maps("stripe.links", { links: this.#links });
  }

  create(given: z.infer<typeof onboardingLinkParameters>): object {
    const account = this.#world.account(given.account);
    const token = this.#world.newId("link");
    const created = this.#world.nowSeconds();
    const expiresAtSeconds = created + LIFE_SECONDS;
    this.#links.set(token, {
      accountId: account.id,
      refreshUrl: given.refresh_url,
      returnUrl: given.return_url,
      expiresAtSeconds,
      visited: false,
    });
    const linkUrl = `${this.#world.baseUrl}/setup/${token}`;
    return { object: "account_link", created, expires_at: expiresAtSeconds, url: linkUrl };
  }

  get(token: string): OnboardingLink | undefined {
    return this.#links.get(token);
  }

  /** The links that still open their page. */
  open(): OpenLink[] {
    return [...this.#links].flatMap(([token, { accountId, visited, expiresAtSeconds }]) =>
      visited || expiresAtSeconds <= this.#world.nowSeconds()
        ? []
        : [{ accountId, url: `${this.#world.baseUrl}/setup/${token}` }],
    );
  }

  /** Uses the link. Returns true the first time within its lifetime. */
  visit(link: OnboardingLink): boolean {
    const opens = !link.visited && this.#world.nowSeconds() < link.expiresAtSeconds;
    link.visited = true;
    return opens;
  }
}

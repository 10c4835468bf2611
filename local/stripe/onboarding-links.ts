import * as z from "zod/mini";
import type { KeptState } from "../kit/kept-state.ts";
import { text, url } from "./parameters.ts";
import type { World } from "./world.ts";

/** Stripe says only that it is short; its own examples live this long. */
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

/** Where one link leads. */
export interface OnboardingLink {
  readonly accountId: string;
  readonly refreshUrl: string;
  readonly returnUrl: string;
  readonly expiresAtSeconds: number;
  visited: boolean;
}

/** Links to the onboarding page. Each opens it once, within minutes. */
export class OnboardingLinks {
  #world: World;
  #links = new Map<string, OnboardingLink>();

  constructor(world: World) {
    this.#world = world;
  }

  keepIn(state: KeptState): void {
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

  /** Opens the page: true the first time, within the link's life. */
  visit(link: OnboardingLink): boolean {
    const opens = !link.visited && this.#world.nowSeconds() < link.expiresAtSeconds;
    link.visited = true;
    return opens;
  }
}

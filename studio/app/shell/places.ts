import type { ComponentType } from "preact";
import { DiscordPage } from "../places/discord/discord-page.tsx";
import { InsidePage } from "../places/inside/inside-page.tsx";
import { MailPage } from "../places/mail/mail-page.tsx";
import { PagesPage } from "../places/pages/pages-page.tsx";
import { ReplayPage } from "../places/replay/replay-page.tsx";
import { ScenesPage } from "../places/scenes/scenes-page.tsx";
import { ShopsPage } from "../places/shops/shops-page.tsx";
import { StripePage } from "../places/stripe/stripe-page.tsx";
import { TimePage } from "../places/time/time-page.tsx";
import { TroublePage } from "../places/trouble/trouble-page.tsx";
import { TwitchPage } from "../places/twitch/twitch-page.tsx";

/** One page of the studio, reached from the navigation. */
export interface Place {
  /** Its path, such as "/time". */
  readonly path: string;
  /** One short word or two, for the navigation. */
  readonly title: string;
  readonly Page: ComponentType;
}

/** Every page, in the order of the navigation; the first one opens by itself. */
export const places: readonly [Place, ...Place[]] = [
  { path: "/discord", title: "Discord", Page: DiscordPage },
  { path: "/twitch", title: "Twitch", Page: TwitchPage },
  { path: "/scenes", title: "Scenes", Page: ScenesPage },
  { path: "/stripe", title: "Stripe", Page: StripePage },
  { path: "/shops", title: "Shops", Page: ShopsPage },
  { path: "/mail", title: "Mail", Page: MailPage },
  { path: "/pages", title: "Pages", Page: PagesPage },
  { path: "/time", title: "Time", Page: TimePage },
  { path: "/trouble", title: "Trouble", Page: TroublePage },
  { path: "/replay", title: "Replay", Page: ReplayPage },
  { path: "/inside", title: "Inside", Page: InsidePage },
];

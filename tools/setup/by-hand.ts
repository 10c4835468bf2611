import { providers } from "../../functions/races/providers/index.ts";
import type { ProviderSettingName } from "../../functions/races/providers/settings.ts";
import type { SettingDefinition } from "../../shared/runtime/settings.ts";
import type { Addresses } from "../checks/addresses.ts";
import type { Report } from "../checks/report.ts";
import type { Values } from "../checks/values.ts";

/** Says what no service lets a program see or do. */
export function notifyByHand(report: Report, values: Values, addresses: Addresses): void {
  for (const { name, title, settings, byHand } of providers) {
    const isUsed = Object.entries<SettingDefinition>(settings).some(
      ([setting, { secret }]) => secret && values[setting as ProviderSettingName],
    );
    if (!isUsed) continue;
    const area = report.area(title);
    for (const { what, remedy } of byHand(addresses.onSite(name))) area.byHand(what, remedy);
  }
  report
    .area("Stripe")
    .byHand(
      "Connect's settings are looked after in the dashboard",
      "https://dashboard.stripe.com/settings/connect: name and logo of the platform, Express accounts on, payouts as you want them",
    );
  report
    .area("site")
    .byHand(
      "the site is deployed by Firebase",
      `npx firebase-tools deploy --only hosting,firestore:rules --project ${values.GOOGLE_CLOUD_PROJECT}`,
    );
  report
    .area("OBS")
    .byHand(
      "overlays are browser sources that each streamer adds",
      `${addresses.siteUrl}/overlay/AUCTION_ID for an auction; /race overlay in Discord gives the link of a pot`,
    );
}

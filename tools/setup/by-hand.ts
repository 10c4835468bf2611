import { providers } from "../../functions/races/providers/index.ts";
import type { ProviderSettingName } from "../../functions/races/providers/settings.ts";
import type { SettingDefinition } from "../../shared/runtime/settings.ts";
import type { Addresses } from "../doctor/checks/addresses.ts";
import type { Report } from "../doctor/checks/report.ts";
import type { Values } from "../settings/values.ts";

/** Reports what no API lets a program see or do. */
export function reportManualSteps(report: Report, values: Values, addresses: Addresses): void {
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
      "Connect's settings have to be made in the dashboard",
      "https://dashboard.stripe.com/settings/connect: name and logo of the platform, Express accounts enabled, the payouts you want",
    );
  report
    .area("site")
    .byHand(
      "the site has to be deployed with Firebase",
      `npx firebase-tools deploy --only hosting,firestore:rules --project ${values.GOOGLE_CLOUD_PROJECT}`,
    );
  report
    .area("OBS")
    .byHand(
      "each streamer has to add the overlays as browser sources",
      `${addresses.siteUrl}/overlay/AUCTION_ID for an auction; /race overlay in Discord gives the link of a pot`,
    );
}

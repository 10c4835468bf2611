import type { Addresses } from "../checks/addresses.ts";
import type { Report } from "../checks/report.ts";
import type { Values } from "../checks/values.ts";

/** Says what no service lets a program see or do. */
export function tellByHand(report: Report, values: Values, addresses: Addresses): void {
  if (values.KOFI_VERIFICATION_TOKEN) {
    report
      .area("Ko-fi")
      .byHand(
        "Ko-fi's webhook has to be set on its page",
        `https://ko-fi.com/manage/webhooks: set the URL to ${addresses.onSite("kofi")}`,
      );
  }
  if (values.SHOPIFY_WEBHOOK_SECRET) {
    report
      .area("Shopify")
      .byHand(
        "Shopify's webhooks have to be set in its admin",
        `Settings, Notifications, Webhooks: "Order payment" (orders/paid) and "Refund create" (refunds/create), as JSON, to ${addresses.onSite("shopify")}`,
      );
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

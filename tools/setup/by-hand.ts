import type { Addresses } from "../checks/addresses.ts";
import type { Report } from "../checks/report.ts";
import type { Values } from "../checks/values.ts";

/** docs/decisions/0027-what-is-merch.md says why. */
const UNREPORTED_REMEDY =
  "Book each as soon as you know of it: ./dev ops ledger refund; see docs/operations.md, Disputes that no webhook reports";

/** Says what no service lets a program see or do. */
export function notifyByHand(report: Report, values: Values, addresses: Addresses): void {
  if (values.KOFI_VERIFICATION_TOKEN) {
    const area = report.area("Ko-fi");
    area.byHand(
      "Ko-fi's webhook has to be set on its page",
      `https://ko-fi.com/manage/webhooks: set the URL to ${addresses.onSite("kofi")}`,
    );
    area.byHand("Ko-fi reports neither refunds nor disputes", UNREPORTED_REMEDY);
  }
  if (values.SHOPIFY_WEBHOOK_SECRET) {
    const area = report.area("Shopify");
    area.byHand(
      "Shopify's webhooks have to be set in its admin",
      `Settings, Notifications, Webhooks: "Order payment" (orders/paid) and "Refund create" (refunds/create), as JSON, to ${addresses.onSite("shopify")}`,
    );
    area.byHand("webhooks of Shopify's admin do not report disputes", UNREPORTED_REMEDY);
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

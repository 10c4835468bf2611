import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { alarm } from "../../../shared/discord/sending/alarm.ts";
import { oneLine } from "../../../shared/discord/theme.ts";

/** Notifies the operators that Stripe refused to open an account for a builder, quoting Stripe's reason. */
export function accountRefusedNotice(country: string, reason: string): OutgoingMessage {
  return alarm(
    `Stripe refused a payout account in ${country}`,
    `${oneLine(reason, 600)}\n\nUntil this is settled no builder in ${country} can be paid, and often none anywhere. Open https://dashboard.stripe.com/settings/connect/platform-profile, accept what Stripe asks of the platform there (losses of connected accounts included), then ask the builder to run \`/c500 payouts\` again.`,
  );
}

import type { SettingName } from "../../shared/runtime/config.ts";
import { isRequired } from "../settings/function-settings.ts";

/** Nothing listens here: a function that is only started asks nobody. */
const NOWHERE = "http://127.0.0.1:9";

/** Values that parse where just any text does not. */
const shaped: Partial<Record<SettingName, string>> = {
  DISCORD_APPLICATION_ID: "1",
  DISCORD_DROP_ROLE_ID: "1",
  DISCORD_GENERAL_CHANNEL_ID: "1",
  DISCORD_GUILD_ID: "1",
  DISCORD_MARKETPLACE_CHANNEL_ID: "1",
  DISCORD_OPERATORS_CHANNEL_ID: "1",
  DISCORD_ORDERS_CHANNEL_ID: "1",
  DISCORD_PUBLIC_KEY: "0".repeat(64),
  FORGOTTEN_KEY: "0".repeat(32),
  FUNCTIONS_BASE_URL: NOWHERE,
  FUNCTION_URL_TEMPLATE: `${NOWHERE}/{name}`,
  PUBLIC_SITE_URL: NOWHERE,
  SESSION_KEY: "0".repeat(32),
  STRIPE_LIVEMODE: "false",
  STRIPE_READ_KEY: "rk_test_throwaway",
  UPSTASH_REDIS_REST_URL: NOWHERE,
};

/** What a function needs in order to start and nothing else: no key of anyone's, no address. */
export function throwawaySettings(names: readonly SettingName[]): Record<string, string> {
  const required = names.filter(isRequired);
  return {
    ...Object.fromEntries(required.map((name) => [name, shaped[name] ?? "throwaway-value"])),
    // Google's clients look for no metadata server where there is none.
    METADATA_SERVER_DETECTION: "none",
  };
}

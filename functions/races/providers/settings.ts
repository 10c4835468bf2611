import type { SettingDefinition } from "../../../shared/runtime/settings.ts";
import { providers } from "./index.ts";
import type { Provider } from "./provider.ts";

type Known = (typeof providers)[number];
type SettingNamesOf<P> = P extends Provider<string, infer S> ? Extract<keyof S, string> : never;

/** The names of all providers. */
export type ProviderName = Known["name"];
/** The settings of any of them. */
export type ProviderSettingName = SettingNamesOf<Known>;

/** The settings of all providers. */
export const providerSettings = Object.fromEntries(
  providers.flatMap(({ settings }) => Object.entries<SettingDefinition>(settings)),
) as Readonly<Record<ProviderSettingName, SettingDefinition>>;

/** The names of those that are kept in Secret Manager. */
export const providerSecrets = (Object.keys(providerSettings) as ProviderSettingName[]).filter(
  (name) => providerSettings[name].secret,
);

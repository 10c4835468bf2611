import {
  type ProviderSettingName,
  providerSettings,
} from "../../functions/races/providers/settings.ts";
import { type SettingName, settings } from "../../shared/runtime/config.ts";
import type { FunctionRow } from "../../shared/runtime/function/function-row.ts";
import { parseSetting, type SettingDefinition } from "../../shared/runtime/settings.ts";

/** A setting of any function: of the platform, or of a provider of merch sales. */
export type FunctionSettingName = SettingName | ProviderSettingName;

/** Every setting that a function may read from its environment. */
export const functionSettings: Readonly<Record<FunctionSettingName, SettingDefinition>> = {
  ...settings,
  ...providerSettings,
};

/** Their names. */
export const settingNames = Object.keys(functionSettings) as FunctionSettingName[];

/** Every setting that a function is given. */
export function settingsOf({
  settings: names,
  ownSettings = [],
}: FunctionRow): FunctionSettingName[] {
  return [...names, ...settingNames.filter((name) => ownSettings.includes(name))];
}

/** Whether a function's setting is kept in Secret Manager. */
export function isSecretSetting(name: FunctionSettingName): boolean {
  return functionSettings[name].secret === true;
}

/** Whether functions that list a setting do not start without it. */
export function isRequired(name: FunctionSettingName): boolean {
  return !parseSetting(functionSettings[name]).success;
}

import { functionNames, manifest } from "../../functions/manifest.ts";
import {
  type FunctionSettingName,
  functionSettings,
  isRequired,
  settingNames,
  settingsOf,
} from "../settings/function-settings.ts";
import { toolSettings } from "../settings/tool-settings.ts";
import { named, page, sentence, table } from "./markdown.ts";

const INTRO = `Each function reads only the settings that its row lists, and does not start if one of them is missing or
malformed; the error names it. Secrets come from Secret Manager. \`./dev up\`, \`./dev setup\`, \`./dev doctor\` and
\`./dev ops\` also refuse unknown names that look like settings, such as \`SHOP_CURENCY\`.

Amounts are in minor units (cents) and shares in basis points (hundredths of a percent), unless it says otherwise.`;

const TOOLS = `## Settings of the tools

\`./dev setup\` and \`./dev doctor\` read these; no function does.`;

/** `docs/reference/settings.md`. */
export function settingsPage(): string {
  const rows = settingNames.map((name) => {
    const { description, form, secret } = functionSettings[name];
    const value = form === undefined ? "" : sentence(form);
    const about = [secret && "Secret.", description, value].filter(Boolean).join(" ");
    return [`\`${name}\``, about, defaultOf(name), readersOf(name)];
  });
  const tools = Object.entries(toolSettings).map(([name, facts]) => [
    `\`${name}\``,
    "secret" in facts ? `Secret. ${facts.description}` : facts.description,
  ]);
  return page("Settings", "`shared/runtime/config.ts` and the providers of merch sales", [
    INTRO,
    table(["setting", "meaning", "default", "read by"], rows),
    TOOLS,
    table(["setting", "meaning"], tools),
  ]);
}

function defaultOf(name: FunctionSettingName): string {
  const { default: value } = functionSettings[name];
  if (value !== undefined) return `\`${value}\``;
  return isRequired(name) ? "required" : "none";
}

const MANY = 6;

function readersOf(name: FunctionSettingName): string {
  const readers = functionNames.filter((each) => settingsOf(manifest[each]).includes(name));
  return readers.length > MANY ? `${readers.length} functions` : named(readers);
}

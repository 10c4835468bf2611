import type { StudioHost } from "../../host.ts";
import { actionCalls } from "./actions.ts";
import { staffCalls } from "./staff.ts";
import { viewCalls } from "./views.ts";

/** Discord, as its users see it. */
export function discordPanel(host: StudioHost) {
  return {
    calls: { ...viewCalls(host), ...actionCalls(host), ...staffCalls(host) },
    version: () => host.cloud.discord?.windows.revision() ?? "",
  };
}

import * as z from "zod/mini";
import { isSnowflake } from "../../../shared/documents/outside-id.ts";
import { seal, unseal } from "../../../shared/web/sealed.ts";
import type { Deps } from "../deps.ts";

const TEAM_PATH = /^\/desk\/team\/([\w-]{1,200})\/([\w-]{43})$/;
const PURPOSE = "team-desk";
/** How long a link to the team's desk works. */
export const PASS_MS = 60 * 60_000;

const passValue = z.object({
  userId: z.string().check(z.refine(isSnowflake)),
  untilMs: z.number(),
});

/**
 * The address of the team's desk, all builders' or one's, for a member of staff alone: it works for an hour, and only
 * for them once they are signed in. Whether they are staff is the caller's to know.
 */
export function teamDeskLink(
  { staffId, builderId }: { readonly staffId: string; readonly builderId: string | undefined },
  {
    config,
    clock,
  }: Pick<Deps, "clock"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL" | "SESSION_KEY">;
  },
): string {
  const pass = { userId: staffId, untilMs: clock.now().getTime() + PASS_MS };
  const [payload, signature] = seal(PURPOSE, pass, config.SESSION_KEY).split(".");
  const query = builderId === undefined ? "" : `?builder=${builderId}`;
  return `${config.PUBLIC_SITE_URL}/desk/team/${payload}/${signature}${query}`;
}

/** The pass in the path of the team's desk; undefined in every other path. */
export function passIn(path: string): string | undefined {
  const [, payload, signature] = TEAM_PATH.exec(path) ?? [];
  return payload === undefined ? undefined : `${payload}.${signature}`;
}

/** Who may enter the team's desk with a pass now; undefined if nobody may. */
export function holderOf(pass: string, keys: readonly string[], now: Date): string | undefined {
  const { data } = passValue.safeParse(unseal(PURPOSE, pass, keys));
  return data && now.getTime() < data.untilMs ? data.userId : undefined;
}

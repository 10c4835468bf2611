import type { Membership } from "../state/directory.ts";

/** When every member joined; nothing depends on it. */
const JOINED_AT = "2024-01-01T00:00:00.000000+00:00";

/**
 * A member without the user object:
 * https://discord.com/developers/docs/resources/guild#guild-member-object
 */
export function memberJson({ roles }: Membership) {
  return {
    nick: null,
    avatar: null,
    roles,
    joined_at: JOINED_AT,
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
  };
}

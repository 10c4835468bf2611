/** Twitch gave no usable answer, so it is unknown whether anyone is live. */
export class TwitchUnavailableError extends Error {
  override name = "TwitchUnavailableError";
}

/** Twitch refuses the request itself, such as an impossible name. A retry cannot help. */
export class TwitchRefusedError extends Error {
  override name = "TwitchRefusedError";
}

/** Twitch gave no usable answer, which says nothing of whether anyone is live. */
export class TwitchUnavailableError extends Error {
  override name = "TwitchUnavailableError";
}

/** Twitch refuses the question itself, such as a name that can be no one's. Asking again is no use. */
export class TwitchRefusedError extends Error {
  override name = "TwitchRefusedError";
}

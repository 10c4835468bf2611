/** A builder's stream as Twitch last reported it. */
export interface StreamReport {
  readonly isLive: boolean;
  /** The stream that is live; undefined while none is. */
  readonly streamId: string | undefined;
  /** When Twitch reported it; undefined if it never has. */
  readonly at: Date | undefined;
}

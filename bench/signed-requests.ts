import { generateKeyPairSync, sign } from "node:crypto";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

/** The public key of the signatures, as Discord shows it: 32 bytes in hex. */
export const publicKeyHex = publicKey
  .export({ format: "der", type: "spki" })
  .subarray(-32)
  .toString("hex");

/** A POST as Discord signs it. */
export interface SignedRequest {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Signs an interaction with a constant time: only the bytes matter here. */
export function signed(interaction: object): SignedRequest {
  const body = JSON.stringify(interaction);
  const timestamp = "1700000000";
  const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString("hex");
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-signature-ed25519": signature,
      "x-signature-timestamp": timestamp,
    },
    body,
  };
}

/** Discord's PING. */
export const ping = signed({ type: 1, id: "1", application_id: "2", token: "t", version: 1 });

/**
 * `/c500 live context:chat` commands, each by another builder, because usage is limited per
 * builder.
 */
export function liveCommands(count: number): SignedRequest[] {
  return Array.from({ length: count }, (_, index) =>
    signed({
      type: 2,
      id: String(1_000_000 + index),
      application_id: "2",
      token: `token-${index}`,
      version: 1,
      guild_id: "3",
      channel_id: "4",
      member: { user: { id: String(5_000_000 + index), username: "builder" }, roles: [] },
      data: {
        id: "6",
        name: "c500",
        type: 1,
        options: [
          { type: 1, name: "live", options: [{ type: 3, name: "context", value: "chat" }] },
        ],
      },
    }),
  );
}

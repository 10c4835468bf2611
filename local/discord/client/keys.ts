import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

/** The application's pair of Ed25519 keys. */
export interface Keys {
  /** The 32 bytes in hex, as Discord's developer page shows them. */
  readonly publicKey: string;
  /** PKCS #8 in PEM, for programs that sign on their own. */
  readonly privateKey: string;
  /** Signs a timestamp and the body that follows it; gives hex. */
  sign(timestamp: string, body: Buffer): string;
}

const PUBLIC_KEY_BYTES = 32;

/** Makes a new pair. */
export function generateKeys(): Keys {
  return keysOf(generateKeyPairSync("ed25519").privateKey);
}

/** The pair of a private key, PKCS #8 in PEM. */
export function keysFrom(privateKey: string): Keys {
  return keysOf(createPrivateKey(privateKey));
}

function keysOf(privateKey: KeyObject): Keys {
  const publicKey = createPublicKey(privateKey);
  return {
    publicKey: publicKey
      .export({ format: "der", type: "spki" })
      .subarray(-PUBLIC_KEY_BYTES)
      .toString("hex"),
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    sign: (timestamp, body) =>
      sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString("hex"),
  };
}

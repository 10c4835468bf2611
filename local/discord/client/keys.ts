import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";

/** The application's Ed25519 key pair. */
export interface Keys {
  /** The 32 bytes in hex, as the Discord developer portal shows them. */
  readonly publicKey: string;
  /** PKCS #8 in PEM, for programs that sign requests themselves. */
  readonly privateKey: string;
  /** Signs the timestamp followed by the body. Returns hex. */
  sign(timestamp: string, body: Buffer): string;
}

const PUBLIC_KEY_BYTES = 32;

/** Generates a new key pair. */
export function generateKeys(): Keys {
  return keysOf(generateKeyPairSync("ed25519").privateKey);
}

/** Derives the key pair from a private key (PKCS #8 in PEM). */
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

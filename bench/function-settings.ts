import { publicKeyHex } from "./signed-requests.ts";

/** The project of all measured functions. */
export const PROJECT = "bench";

/** The minimum settings of `discord-interactions`; benchmarks add to them. */
export const functionSettings = {
  GOOGLE_CLOUD_PROJECT: PROJECT,
  DISCORD_PUBLIC_KEY: publicKeyHex,
  DISCORD_GUILD_ID: "1",
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9",
  UPSTASH_REDIS_REST_TOKEN: "unused",
  FUNCTIONS_BASE_URL: "http://127.0.0.1:9",
  FUNCTION_URL_TEMPLATE: "http://127.0.0.1:9/{name}",
  METADATA_SERVER_DETECTION: "none",
} as const;

import { PubSub } from "@google-cloud/pubsub";

/** The SDK's Pub/Sub client for the server at `host`, without credentials. */
export function pubSubClient(host: string, projectId: string): PubSub {
  return new PubSub({
    projectId,
    apiEndpoint: host,
    emulatorMode: true,
    clientOptions: { universeDomain: "googleapis.com" },
  });
}

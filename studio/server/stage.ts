import { openFirestore, type Stage } from "../../local/demo/cast.ts";
import type { StudioHost } from "./host.ts";

/**
 * The cloud as the demo's people and scenes need it. Throws where a simulator is replaced by
 * another server.
 */
export function openStage({ cloud }: Pick<StudioHost, "cloud">): () => Stage {
  let opened: Stage | undefined;
  return () => {
    opened ??= stageOf(cloud);
    return opened;
  };
}

function stageOf(cloud: StudioHost["cloud"]): Stage {
  const { discord, stripe, twitch, databaseOf, settings } = cloud;
  if (!discord || !stripe || !twitch) {
    throw new Error("This needs the simulators of Discord, Stripe and Twitch.");
  }
  const projectId = settings["GOOGLE_CLOUD_PROJECT"] ?? "";
  const firestore = databaseOf?.(projectId, Math.random) ?? openFirestore(cloud).firestore;
  return { cloud, discord, stripe, twitch, firestore, logLines: [] };
}

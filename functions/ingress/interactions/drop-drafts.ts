import { parseJson } from "../../../shared/runtime/http.ts";
import { type DropDraft, dropDraft } from "../../shop/commands/drop-form.ts";
import type { Deps } from "../deps.ts";

const KEPT_SECONDS = 3600;

/** Whose form, and the interaction that sent it: nobody else is shown it. */
interface DraftKey {
  readonly userId: string;
  readonly id: string;
}

/** Keeps a form as it was sent, for an hour. False when Redis is away: then it is not kept. */
export async function keepDraft(
  { userId, id }: DraftKey,
  draft: DropDraft,
  { redis, log }: Pick<Deps, "redis" | "log">,
): Promise<boolean> {
  try {
    const client = await redis();
    await client.set(`drop-draft:${userId}:${id}`, JSON.stringify(draft), { ex: KEPT_SECONDS });
    return true;
  } catch (error) {
    log.error("A form was not kept", error);
    return false;
  }
}

/** A form as it was sent, while it is kept. */
export async function readDraft(
  { userId, id }: DraftKey,
  { redis, log }: Pick<Deps, "redis" | "log">,
): Promise<DropDraft | undefined> {
  try {
    const kept = await (await redis()).get<string>(`drop-draft:${userId}:${id}`);
    return dropDraft.safeParse(parseJson(Buffer.from(kept ?? ""))).data;
  } catch (error) {
    log.error("A form could not be read", error);
    return undefined;
  }
}

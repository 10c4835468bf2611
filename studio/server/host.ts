import type { Cloud } from "../../local/cloud/cloud.ts";
import type { LogTail } from "./log-tail.ts";

/** What the studio's panels work on. */
export interface StudioHost {
  readonly cloud: Cloud;
  /** The functions' latest log lines. */
  readonly logs: LogTail;
  /** Stores the state of all services. */
  save(): void;
}

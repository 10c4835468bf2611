import { commandFunction } from "../../members/command-function.ts";
import { goingLiveActions, goingLiveDefinitions } from "../commands/index.ts";

/** `/c500 live`. */
export const handler = commandFunction("go-live", goingLiveDefinitions, goingLiveActions);

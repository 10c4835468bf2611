import { forgetButton } from "./buttons.ts";
import { beginningToForget, explainingForgetting, forgetCommand } from "./forget.ts";
import { myDataCommand, sendingMyData } from "./my-data.ts";

/** What people may ask of what is stored about them. */
export const privacyDefinitions = [myDataCommand, forgetCommand, forgetButton] as const;

/** What each does. */
export const privacyActions = [sendingMyData, explainingForgetting, beginningToForget] as const;

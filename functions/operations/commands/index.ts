import {
  approveBuilderButton,
  declineBuilderButton,
  declineBuilderForm,
} from "../../members/commands/buttons.ts";
import {
  approveCommand,
  approving,
  approvingByButton,
  declineCommand,
  declining,
  decliningByForm,
  listCommand,
  listing,
  removeCommand,
  removing,
  restoreCommand,
  restoring,
  suspendCommand,
  suspending,
} from "./builders.ts";

/** The team's commands about builders, with the buttons and the form under its notices. */
export const operationsDefinitions = [
  listCommand,
  approveCommand,
  declineCommand,
  suspendCommand,
  restoreCommand,
  removeCommand,
  approveBuilderButton,
  declineBuilderButton,
  declineBuilderForm,
] as const;

/** The actions of these commands, buttons and forms. */
export const operationsActions = [
  listing,
  approving,
  declining,
  suspending,
  restoring,
  removing,
  approvingByButton,
  decliningByForm,
] as const;

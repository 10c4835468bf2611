import { confirmingArrival } from "./arrived.ts";
import {
  arrivedButton,
  cancelAcceptButton,
  cancelDeclineButton,
  caseButton,
  wrongButton,
} from "./buttons.ts";
import { acceptingCancel, cancelCommand, cancelling, decliningCancel } from "./cancel.ts";
import { caseCommand, decidingCase, pressingCase } from "./case.ts";
import {
  askingWhatIsWrong,
  askingWhatIsWrongWithOrder,
  problemCommand,
  reporting,
  reportingInForm,
} from "./problem.ts";
import { problemForm, wrongKindButton, wrongOrderSelect } from "./problem-form.ts";
import { shipCommand, shipping } from "./ship.ts";
import { waitCommand, waiting } from "./wait.ts";

/** The commands, buttons and forms of fulfilment. */
export const fulfilmentDefinitions = [
  shipCommand,
  arrivedButton,
  cancelCommand,
  cancelAcceptButton,
  cancelDeclineButton,
  waitCommand,
  problemCommand,
  wrongButton,
  wrongOrderSelect,
  wrongKindButton,
  problemForm,
  caseCommand,
  caseButton,
] as const;

/** What they do. */
export const fulfilmentActions = [
  shipping,
  confirmingArrival,
  cancelling,
  acceptingCancel,
  decliningCancel,
  waiting,
  reporting,
  askingWhatIsWrong,
  askingWhatIsWrongWithOrder,
  reportingInForm,
  decidingCase,
  pressingCase,
] as const;

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
import { ordersCommand, showingMoreOrders, showingOrders } from "./orders.ts";
import { ordersMoreButton } from "./orders-more.ts";
import {
  askingWhatIsWrong,
  askingWhatIsWrongWithOrder,
  problemCommand,
  reporting,
  reportingInForm,
} from "./problem.ts";
import { problemForm, wrongKindButton, wrongOrderSelect } from "./problem-form.ts";
import { shipCommand, shipping, shippingInForm, shippingSeveral } from "./ship.ts";
import {
  shipForm,
  shipFormAgain,
  shipSelect,
  shipSeveralButton,
  shipSeveralForm,
} from "./ship-form.ts";
import { settingTerms } from "./shipping.ts";
import { waitCommand, waiting } from "./wait.ts";

/** The commands, buttons and forms of fulfilment. */
export const fulfilmentDefinitions = [
  ordersCommand,
  ordersMoreButton,
  shipSelect,
  shipForm,
  shipFormAgain,
  shipSeveralButton,
  shipSeveralForm,
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
  settingTerms,
  showingOrders,
  showingMoreOrders,
  shipping,
  shippingInForm,
  shippingSeveral,
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

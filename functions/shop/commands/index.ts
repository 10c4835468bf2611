import { countrySelect } from "../../shipping/commands/country-select.ts";
import {
  buyButton,
  closeDropButton,
  detailsButton,
  discardButton,
  giveBackButton,
  leaveListButton,
  notifyMeButton,
  openDraftButton,
  removePicturesButton,
  reopenDropButton,
  unscheduleButton,
} from "./buttons.ts";
import { buying, countryChosen, givingBack, quantityChosen, showingDetails } from "./buy.ts";
import { openingDrop } from "./drops/drop.ts";
import { editingDrop } from "./drops/drop-edit.ts";
import { dropEditAgain, dropEditButton, dropEditForm } from "./drops/drop-edit-form.ts";
import { dropCommand, dropForm, dropFormAgain } from "./drops/drop-form.ts";
import {
  closingDrop,
  discarding,
  openingDraft,
  removingPictures,
  reopeningDrop,
  unscheduling,
} from "./drops/drop-panel.ts";
import { changingDrops, dropsCommand } from "./drops/drops.ts";
import { joiningList, leavingList } from "./drops/waiting.ts";
import { connectingPayouts, payoutsCommand } from "./payouts.ts";
import { profileCommand, showingProfile } from "./profile.ts";
import { quantitySelect } from "./quantity-select.ts";
import { refundCommand, refunding } from "./refund.ts";
import { registerCommand, registering } from "./register.ts";

/** The commands, buttons and forms of the shop. */
export const shopDefinitions = [
  registerCommand,
  payoutsCommand,
  profileCommand,
  dropCommand,
  dropsCommand,
  refundCommand,
  buyButton,
  quantitySelect,
  countrySelect,
  detailsButton,
  giveBackButton,
  dropFormAgain,
  dropForm,
  dropEditButton,
  dropEditAgain,
  dropEditForm,
  closeDropButton,
  reopenDropButton,
  openDraftButton,
  unscheduleButton,
  discardButton,
  removePicturesButton,
  notifyMeButton,
  leaveListButton,
] as const;

/** What they do. */
export const shopActions = [
  registering,
  connectingPayouts,
  showingProfile,
  changingDrops,
  refunding,
  buying,
  quantityChosen,
  countryChosen,
  showingDetails,
  givingBack,
  openingDrop,
  editingDrop,
  closingDrop,
  reopeningDrop,
  openingDraft,
  unscheduling,
  discarding,
  removingPictures,
  joiningList,
  leavingList,
] as const;

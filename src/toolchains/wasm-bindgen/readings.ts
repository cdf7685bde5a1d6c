/**
 * Reads from a module's bytes what nobody states of its imports, and describes what to state. A module whose imports are all
 * stated needs none of it.
 */
import { closureAdvice } from "./advice.ts";
import { readAllCasts } from "./casts.ts";
import { decideClosures } from "./decide.ts";
import { readDescriptors } from "./descriptors.ts";
import { chooseStated, fittingMeanings } from "./fitting.ts";
import { castHint, describedHint } from "./hints.ts";
import { certainCast } from "./makers.ts";

export const readings = {
  castHint,
  certainCast,
  chooseStated,
  closureAdvice,
  decideClosures,
  describedHint,
  fittingMeanings,
  readAllCasts,
  readDescriptors,
} as const;

export type Readings = typeof readings;
export type { Fitting } from "./fitting.ts";

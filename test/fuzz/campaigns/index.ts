import type { Campaign } from "../campaign.ts";
import { cbor } from "./cbor.ts";
import { control } from "./control.ts";
import { eventStreams } from "./event-streams.ts";
import { objectRequests, queryForms } from "./forms.ts";
import { functionAnswers } from "./function-answers.ts";
import { http1 } from "./http1.ts";
import { http2 } from "./http2.ts";
import { json } from "./json.ts";
import { attachedRuntime, processRuntime } from "./runtime-api.ts";
import { tls } from "./tls.ts";
import { zipBombs, zips } from "./zips.ts";

/** All kinds of bad input, and how many salvoes of each the short run has. */
export const campaigns: readonly { readonly campaign: Campaign; readonly salvoes: number }[] = [
  { campaign: http1, salvoes: 40 },
  { campaign: http2, salvoes: 25 },
  { campaign: tls, salvoes: 15 },
  { campaign: json, salvoes: 50 },
  { campaign: cbor, salvoes: 25 },
  { campaign: queryForms, salvoes: 20 },
  { campaign: objectRequests, salvoes: 20 },
  { campaign: zips, salvoes: 10 },
  { campaign: zipBombs, salvoes: 1 },
  { campaign: control, salvoes: 30 },
  { campaign: processRuntime, salvoes: 4 },
  { campaign: functionAnswers, salvoes: 10 },
  { campaign: eventStreams, salvoes: 15 },
  { campaign: attachedRuntime, salvoes: 8 },
];

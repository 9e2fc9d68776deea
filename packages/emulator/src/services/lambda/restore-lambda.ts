import type { CodeStore } from "./code/code-store.ts";
import type { Deployments } from "./deployments.ts";
import { allVersions } from "./function-versions.ts";
import type { LayerStore } from "./layer-store.ts";
import { provisionVersions } from "./provisioned-rules.ts";
import type { FunctionUrls } from "./state/function-urls.ts";
import type { KeptFunctions } from "./state/kept-functions.ts";

interface RestoredParts {
  readonly kept: KeptFunctions;
  readonly urls: FunctionUrls;
  readonly layers: LayerStore;
  readonly codes: CodeStore;
  readonly deployments: Deployments;
}

/** Has functions, layers and URLs again as an earlier emulator kept them. Code is unpacked when it is first needed. */
export function restoreLambda({ kept, urls, layers, codes, deployments }: RestoredParts): void {
  const used = new Set(layers.restore((sha256) => codes.restore(sha256, [])));
  for (const fn of kept.restore()) {
    for (const { code, settings } of allVersions(fn)) {
      used.add(code.sha256);
      for (const { sha256 } of settings.layers) used.add(sha256);
    }
    deployments.restore(fn, ({ code, settings }) =>
      codes.restore(
        code.sha256,
        settings.layers.map(({ sha256 }) => sha256),
      ),
    );
    provisionVersions({ provisioned: kept.provisioned, deployments }, fn);
  }
  urls.restore(kept.functions);
  codes.forgetOthers(used);
}

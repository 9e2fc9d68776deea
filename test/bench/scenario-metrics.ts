import { measureContainers } from "./container-metrics.ts";
import type { Images } from "./container-metrics.ts";
import { measureMainJob } from "./main-job-metrics.ts";
import type { Effort, Sample } from "./metrics.ts";
import { measureFirstQueue } from "./start-metrics.ts";

/** What somebody waits for who starts an emulator for one test. */
export async function measureScenarios(
  emulatorFirst: boolean,
  effort: Effort,
  images: Images | undefined,
): Promise<Sample[]> {
  return [
    ...(await measureFirstQueue(emulatorFirst, effort)),
    ...(await measureMainJob(emulatorFirst, effort)),
    ...(images === undefined ? [] : await measureContainers(images, emulatorFirst, effort)),
  ];
}

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import type { WorldInfo } from "@localemu/control";
import { startEmulator } from "@localemu/emulator";
import type { EmulatorOptions } from "@localemu/emulator";
import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";

/** An embedded emulator with clients that have their default settings. */
export interface TestEmulator extends Clients, AsyncDisposable {
  readonly emu: LocalEmu;
}

/** An application's clients, all of one world. */
export interface Clients {
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** Starts an emulator of the test's own; `await using` stops it. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await startEmulator(options);
  const emu = await connect(emulator.endpoint);
  const stop = async (): Promise<void> => {
    await emu.close();
    await emulator.stop();
  };
  return { ...clientsOf(emu), emu, [Symbol.asyncDispose]: stop };
}

/** Clients that see what `emu` sees: a world's, if it is a world. */
export function clientsOf(emu: LocalEmu, settings: ClientSettings = {}): Clients {
  return clientsAt(emu.getClientConfig(), settings);
}

/** What clients are told besides where to call. */
export interface ClientSettings {
  readonly maxAttempts?: number;
  readonly region?: string;
}

/** Clients that know of a world only what is given. */
export function clientsAt(
  { endpoint, credentials }: Pick<WorldInfo, "endpoint" | "credentials">,
  settings: ClientSettings = {},
): Clients {
  const config = { endpoint, credentials, region: "us-east-1", ...settings };
  return {
    kinesis: new KinesisClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    sqs: new SQSClient(config),
    sts: new STSClient(config),
  };
}

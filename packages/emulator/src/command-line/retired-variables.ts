/** LocalStack's variables that set nothing here, and what to use for some of them. */
const retired: { readonly [variable: string]: string } = {
  KINESIS_PROVIDER: "",
  KINESIS_MOCK_PROVIDER_ENGINE: "",
  KINESIS_MOCK_INITIAL_HEAP_SIZE: "",
  KINESIS_MOCK_MAXIMUM_HEAP_SIZE: "",
  KINESIS_MOCK_LOG_LEVEL: "",
  KINESIS_PERSISTENCE: "use PERSISTENCE or LOCALEMU_DATA_DIR",
  SYNCHRONOUS_KINESIS_EVENTS: "use the clock and idle of the control API",
  SYNCHRONOUS_SQS_EVENTS: "use the clock and idle of the control API",
  SYNCHRONOUS_SNS_EVENTS: "use the clock and idle of the control API",
  LAMBDA_EXECUTOR: "",
  LAMBDA_STAY_OPEN_MODE: "",
  LAMBDA_REMOTE_DOCKER: "",
  LAMBDA_CODE_EXTRACT_TIME: "",
  LAMBDA_FALLBACK_URL: "",
  LAMBDA_FORWARD_URL: "",
  LAMBDA_EVENT_SOURCE_MAPPING: "",
  LAMBDA_XRAY_INIT: "there is no X-Ray daemon",
  LAMBDA_INIT_USER: "functions run as LocalEmu's user, or with LOCALEMU_FUNCTION_USERS=1 as one of their own",
  LAMBDA_SQS_EVENT_SOURCE_MAPPING_INTERVAL_SEC: "",
  USE_SSL: "the port speaks TLS as well",
  DEFAULT_REGION: "use LOCALEMU_REGION",
  EDGE_PORT: "use LOCALEMU_PORT",
  EDGE_BIND_HOST: "use LOCALEMU_HOST",
};

/** One line for each of LocalStack's variables that somebody set in vain. */
export function retiredVariables(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(retired).flatMap(([variable, hint]) =>
    (environment[variable] ?? "") === "" ? [] : [`${variable} has no effect${hint === "" ? "" : `: ${hint}`}`],
  );
}

/** What would lead a client of AWS away from the endpoint. */
const leadingAway =
  /^(AWS_PROFILE|AWS_DEFAULT_PROFILE|AWS_SESSION_TOKEN|AWS_WEB_IDENTITY_TOKEN_FILE|AWS_ROLE_ARN|AWS_CONTAINER_CREDENTIALS_.*|AWS_ENDPOINT_URL_.+|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|AWS_CREDENTIAL_EXPIRATION|AWS_SECURITY_TOKEN)$/;

/** Sets variables, and unsets those that would lead clients elsewhere; the returned function restores what was. */
export function setVariables(environment: NodeJS.ProcessEnv, variables: Readonly<Record<string, string>>): () => void {
  const before = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined): void => {
    before.set(name, environment[name]);
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  };
  for (const name of Object.keys(environment)) if (leadingAway.test(name)) set(name, undefined);
  for (const [name, value] of Object.entries(variables)) set(name, value);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete environment[name];
      else environment[name] = value;
    }
  };
}

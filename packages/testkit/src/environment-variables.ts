/** What would lead a client of AWS away from the endpoint, or lets it sign as somebody else. */
const leadingAway =
  /^AWS_(PROFILE|DEFAULT_PROFILE|SESSION_TOKEN|SECURITY_TOKEN|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|CONTAINER_CREDENTIALS_.+|ENDPOINT_URL_.+|IGNORE_CONFIGURED_ENDPOINT_URLS|USE_(FIPS|DUALSTACK)_ENDPOINT|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CREDENTIAL_(EXPIRATION|SCOPE)|ACCOUNT_ID|BEARER_TOKEN_.+|AUTH_SCHEME_PREFERENCE|DEFAULTS_MODE)$/;

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

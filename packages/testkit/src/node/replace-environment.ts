/** What would lead an AWS client elsewhere: another endpoint, or other credentials; as in the package for Vitest. */
const misleading =
  /^AWS_(PROFILE|DEFAULT_PROFILE|SESSION_TOKEN|SECURITY_TOKEN|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|CONTAINER_CREDENTIALS_.+|ENDPOINT_URL_.+|IGNORE_CONFIGURED_ENDPOINT_URLS|USE_(FIPS|DUALSTACK)_ENDPOINT|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CREDENTIAL_(EXPIRATION|SCOPE)|ACCOUNT_ID|BEARER_TOKEN_.+|AUTH_SCHEME_PREFERENCE|DEFAULTS_MODE)$/;

/** Sets environment variables, and unsets those that would come before them; the returned function restores both. */
export function replaceEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const names = [...Object.keys(variables), ...Object.keys(process.env).filter((name) => misleading.test(name))];
  const before = new Map(names.map((name) => [name, process.env[name]]));
  for (const name of names) setVariable(name, variables[name]);
  return () => {
    for (const [name, value] of before) setVariable(name, value);
  };
}

function setVariable(name: string, value: string | undefined): void {
  // Assigned, undefined would become a text.
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

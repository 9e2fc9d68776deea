/** What would lead an AWS client elsewhere: another endpoint, or other credentials. */
const misleading = /^AWS_(PROFILE|SESSION_TOKEN|WEB_IDENTITY_TOKEN_FILE|ENDPOINT_URL_.+)$/;

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

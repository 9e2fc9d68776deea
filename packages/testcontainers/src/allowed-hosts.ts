const ipAddress = /^[\d.]+$|:/;

/** LOCALEMU_ALLOWED_HOSTS: what is given already, and the host names that need to be listed: those with a dot that are no IP addresses. */
export function allowedHosts(given: string, names: readonly string[]): string {
  const listed = given
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const further = names.filter((name) => name.includes(".") && !ipAddress.test(name));
  return [...new Set([...listed, ...further])].join(",");
}

/** Testcontainers would fail in a way that tells nothing. */
const oldest = [22, 22] as const;

/** Throws an Error for a version of Node.js, such as `20.19.0`, that is too old. */
export function assertNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new Error(`@localemu/testcontainers needs Node.js ${oldest.join(".")} or newer, and this is ${version}`);
}

/** Fails the run at once, with a clear text, on a Node.js that LocalEmu does not support. */
export default function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 22)) {
    throw new Error(
      `LocalEmu's tests need Node.js 22.22 or newer; this is ${process.versions.node}. Run them through npm scripts or npx.`,
    );
  }
}

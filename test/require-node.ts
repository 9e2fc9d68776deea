/** Fails the run at once, with a clear text, on a Node.js that LocalEmu does not support, or another than CI means to test. */
export default function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 22)) {
    throw new Error(
      `LocalEmu's tests need Node.js 22.22 or newer; this is ${process.versions.node}. Run them through npm scripts or npx.`,
    );
  }
  const wanted = process.env["LOCALEMU_TEST_NODE"];
  if (wanted !== undefined && wanted !== String(major)) {
    throw new Error(`LOCALEMU_TEST_NODE asks for Node.js ${wanted}; this is ${process.versions.node}.`);
  }
}

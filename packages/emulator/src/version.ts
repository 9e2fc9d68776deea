/** The package's version; the bundler puts it in. */
export const version: string = process.env["LOCALEMU_VERSION"] ?? "0.0.0";

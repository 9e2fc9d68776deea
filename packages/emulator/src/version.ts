/** The package's version; the bundler puts it in. */
export const version: string = process.env["LOCALEMU_VERSION"] ?? "0.0.0";

/** Of what is bundled, too. */
export const versions = {
  localemu: version,
  fauxqs: process.env["FAUXQS_VERSION"] ?? "0.0.0",
  dynalite: process.env["DYNALITE_VERSION"] ?? "0.0.0",
};

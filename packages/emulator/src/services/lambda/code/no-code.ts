/**
 * The code of a function that has none, in base64: a zip with a text that says so. Whoever attaches to a function that does not
 * exist makes it with this code, and it is what GetFunction shows.
 */
export const noCodeZip =
  "UEsDBBQAAAAAAAAAIQD0YmkgSwAAAEsAAAAGAAAAUkVBRE1FVGhpcyBmdW5jdGlvbiBoYXMgbm8gY29kZTogYSBwcm9jZXNzIHRo" +
  "YXQgaXMgYXR0YWNoZWQgdG8gTG9jYWxFbXUgcnVucyBpdC4KUEsBAhQDFAAAAAAAAAAhAPRiaSBLAAAASwAAAAYAAAAAAAAAAAAA" +
  "AKSBAAAAAFJFQURNRVBLBQYAAAAAAQABADQAAABvAAAAAAA=";

/** Of that zip, in base64, as functions tell it. */
export const noCodeSha256 = "geimBIyG+hIfrY1XVZ/ifeyHd9B5xDfr8Gbefi/f0UM=";

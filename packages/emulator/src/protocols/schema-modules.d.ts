// The SDK clients ship no declarations beside these modules; `schema-registry.ts` reads them as untyped data.
declare module "@aws-sdk/*/dist-es/schemas/schemas_0.js";

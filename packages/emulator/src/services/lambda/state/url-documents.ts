import type { FunctionUrl } from "./function-urls.ts";
import type { LambdaFunction } from "./function-store.ts";

/** A function URL as it is kept, under its id. */
export type UrlDocument = {
  readonly region: string;
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  readonly authType: FunctionUrl["authType"];
  readonly invokeMode: FunctionUrl["invokeMode"];
  readonly cors?: CorsDocument | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

type CorsDocument = {
  readonly AllowCredentials?: boolean | undefined;
  readonly AllowHeaders?: string[] | undefined;
  readonly AllowMethods?: string[] | undefined;
  readonly AllowOrigins?: string[] | undefined;
  readonly ExposeHeaders?: string[] | undefined;
  readonly MaxAge?: number | undefined;
};

export function urlDocument({ fn, qualifier, authType, invokeMode, cors, ...url }: FunctionUrl): UrlDocument {
  const { createdAt, modifiedAt } = url;
  return {
    region: fn.region,
    functionName: fn.name,
    qualifier,
    authType,
    invokeMode,
    cors: cors && {
      AllowCredentials: cors.AllowCredentials,
      AllowHeaders: cors.AllowHeaders,
      AllowMethods: cors.AllowMethods,
      AllowOrigins: cors.AllowOrigins,
      ExposeHeaders: cors.ExposeHeaders,
      MaxAge: cors.MaxAge,
    },
    createdAt,
    modifiedAt,
  };
}

export function urlOf(id: string, document: UrlDocument, fn: LambdaFunction): FunctionUrl {
  const { qualifier, authType, invokeMode, cors, createdAt, modifiedAt } = document;
  return { id, fn, qualifier, authType, invokeMode, cors, createdAt, modifiedAt };
}

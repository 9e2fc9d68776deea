import type { AwsError } from "./errors.ts";
import type { HttpRequest } from "./http-messages.ts";
import type { Members, Protocol, Route } from "./protocol.ts";
import { readForm } from "./query-reader.ts";
import type { ErrorSchema, ServiceSchema } from "./schema-registry.ts";
import { textElement, writeXmlMembers } from "./xml-writer.ts";

export interface AwsQueryOptions {
  /** Namespace of the replies' elements. */
  readonly xmlNamespace: string;
}

const contentType = "text/xml";

/** AWS Query: a form with `Action` in the body or the query, XML back. */
export function awsQuery(service: ServiceSchema, options: AwsQueryOptions): Protocol {
  return {
    contentType,

    route(request: HttpRequest): Route | undefined {
      const operation = service.operations.get(formOf(request).get("Action") ?? "");
      return operation && { operation, labels: [] };
    },

    decode({ operation }: Route, request: HttpRequest): Members {
      return readForm(formOf(request), operation.input);
    },

    encode({ name, output: shape }, output, { requestId }) {
      const result =
        shape.members.length === 0 ? "" : `<${name}Result>${writeXmlMembers(shape, output)}</${name}Result>`;
      const metadata = `<ResponseMetadata>${textElement("RequestId", requestId)}</ResponseMetadata>`;
      return {
        status: 200,
        headers: { "x-amzn-RequestId": requestId, "Content-Type": contentType },
        body: `<${name}Response xmlns="${options.xmlNamespace}">${result}${metadata}</${name}Response>`,
      };
    },

    encodeError(error, { requestId }) {
      const schema = service.errors.get(error.code);
      const status = error.statusCode ?? schema?.status ?? 400;
      const type = textElement("Type", status < 500 ? "Sender" : "Receiver");
      const code = textElement("Code", queryCode(error, schema));
      const fields = schema === undefined ? "" : writeXmlMembers(schema.shape, error.fields);
      const body = `<Error>${type}${code}${textElement("Message", error.message)}${fields}</Error>`;
      return {
        status,
        headers: { "x-amzn-RequestId": requestId, "Content-Type": contentType },
        body: `<ErrorResponse xmlns="${options.xmlNamespace}">${body}${textElement("RequestId", requestId)}</ErrorResponse>`,
      };
    },
  };
}

/** AWS: what JSON services call ValidationException is ValidationError in Query services (AWS docs, common errors). */
function queryCode(error: AwsError, schema: ErrorSchema | undefined): string {
  return schema?.queryCode ?? (error.code === "ValidationException" ? "ValidationError" : error.code);
}

function formOf(request: HttpRequest): URLSearchParams {
  return new URLSearchParams(request.body.length > 0 ? request.body.toString("utf8") : request.query);
}

import fc from "fast-check";
import { signature } from "../../emulator/raw-http.ts";
import { mutated, times } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendHttp } from "../send.ts";
import type { HttpInput } from "../send.ts";

const forms: readonly (readonly [service: string, body: string])[] = [
  ["sqs", "Action=CreateQueue&Version=2012-11-05&QueueName=forms&Attribute.1.Name=DelaySeconds&Attribute.1.Value=0"],
  ["sqs", "Action=SendMessage&QueueUrl=http%3A%2F%2Flocalhost%2F000000000000%2Fforms&MessageBody=m"],
  ["sns", "Action=CreateTopic&Version=2010-03-31&Name=forms&Tags.member.1.Key=a&Tags.member.1.Value=b"],
  [
    "sns",
    "Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Aforms&Message=m&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=Binary&MessageAttributes.entry.1.Value.BinaryValue=eA%3D%3D",
  ],
  [
    "sns",
    "Action=SetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Aforms&AttributeName=Policy&AttributeValue=%7B%7D",
  ],
  [
    "iam",
    "Action=CreateRole&Version=2010-05-08&RoleName=forms&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D&Path=%2Fa%2F",
  ],
  ["iam", "Action=ListRoles&Version=2010-05-08&Marker=x&MaxItems=1"],
  [
    "sts",
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fforms&RoleSessionName=s&DurationSeconds=900",
  ],
];

const formTokens = [
  "&",
  "=",
  "%",
  "%zz",
  "%00",
  "%ff%fe",
  "%ED%A0%80",
  ".",
  "+",
  "&&==",
  "Action=&",
  "Action=__proto__",
  "&__proto__=1",
  "&constructor.prototype.x=1",
  "&Attributes.entry.4294967295.key=a",
  "&Attribute.99999999999.Name=a",
  "&Attribute.-1.Name=a",
  "&Attribute.1.Name.1.Name.1.Name=a",
  "&MessageAttributes.entry.1.Value=1",
  `&${times("a.", 5_000)}=1`,
  `&x=${times("y", 50_000)}`,
];

const form: fc.Arbitrary<HttpInput> = fc.constantFrom(...forms).chain(([service, body]) =>
  fc.record({
    method: fc.constantFrom("POST", "POST", "POST", "GET", "PUT"),
    path: fc.constantFrom("/", "/", "/000000000000/forms", "/?Action=ListQueues", "//", "/%2e%2e/"),
    headers: fc.constant({ ...signature(service), "content-type": "application/x-www-form-urlencoded" }),
    body: mutated([Buffer.from(body)], formTokens),
  }),
);

const entities = `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">${times('<!ENTITY a "&a;&a;&a;&a;&a;&a;">', 30)}<!ENTITY f SYSTEM "file:///etc/passwd">]>`;
const documents: readonly (readonly [method: string, path: string, body: string])[] = [
  ["PUT", "/bad-input", ""],
  [
    "PUT",
    "/bad-input",
    "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
  ],
  ["PUT", "/bad-input/key", "content"],
  ["GET", "/bad-input?list-type=2&max-keys=1&prefix=a&delimiter=%2F", ""],
  ["POST", "/bad-input?delete", "<Delete><Object><Key>a&amp;b</Key></Object><Quiet>true</Quiet></Delete>"],
  ["POST", "/bad-input/key?uploads", ""],
  [
    "POST",
    "/bad-input/key?uploadId=x",
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>",
  ],
  [
    "PUT",
    "/bad-input?notification",
    "<NotificationConfiguration><QueueConfiguration><Id>1</Id><Queue>arn:aws:sqs:us-east-1:000000000000:forms</Queue><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name><Value>a</Value></FilterRule></S3Key></Filter></QueueConfiguration></NotificationConfiguration>",
  ],
  ["PUT", "/bad-input?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"],
  ["PUT", "/bad-input?tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"],
];

const xmlTokens = [
  "<",
  ">",
  "&",
  "&#0;",
  "&#x110000;",
  "&unknown;",
  "&a;&f;",
  entities,
  "<![CDATA[",
  "]]>",
  "<!--",
  "<?xml version='1.0' encoding='utf-16'?>",
  "\0",
  "\xff\xfe",
  times("<a>", 10_000),
  `<${times("a", 200_000)}`,
  times("<Key>", 100_000),
  times("<Part><ETag>", 50_000),
  `<a ${times("b ", 100_000)}`,
  times("<Object><Key>k</Key></Object>", 2_000),
  "<__proto__>1</__proto__>",
  "<constructor/>",
];

const pathTokens = [
  "%00",
  "%2e%2e%2f",
  "..",
  "//",
  "%",
  "?",
  "&",
  "=",
  "\xff",
  "%ff",
  "?acl",
  "?versionId=__proto__",
  "a".repeat(2_000),
];

const xml: fc.Arbitrary<HttpInput> = fc.constantFrom(...documents).chain(([method, path, body]) =>
  fc.record({
    method: fc.constantFrom(method, method, method, "HEAD", "DELETE"),
    path: fc.oneof(
      { weight: 3, arbitrary: fc.constant(path) },
      {
        weight: 1,
        // What a client of Node.js would not send is for bare sockets.
        arbitrary: mutated([Buffer.from(path)], pathTokens).map((bytes) =>
          `/${bytes.toString("latin1")}`.replaceAll(/[^\x21-\xff]/g, "%"),
        ),
      },
    ),
    headers: fc.constantFrom<Readonly<Record<string, string>>[]>(
      signature("s3"),
      {
        ...signature("s3"),
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "content-encoding": "aws-chunked",
      },
      { ...signature("s3"), "x-amz-copy-source": "/bad-input/%zz", "x-amz-decoded-content-length": "-1" },
      {
        ...signature("s3"),
        "content-md5": "x",
        range: "bytes=5-1,-,99999999999999999999-",
        "x-amz-meta-__proto__": "1",
      },
      { ...signature("s3"), host: "bad-input.localhost" },
    ),
    body: mutated([Buffer.from(body)], xmlTokens),
  }),
);

export const queryForms = campaign("forms of the query protocol", {
  inputs: form,
  send: (to, input) => sendHttp(to, input),
});

export const objectRequests = campaign("requests of S3", { inputs: xml, send: (to, input) => sendHttp(to, input) });

import { KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** An application's clients, which find out by themselves where to call, with which credentials and in which region. */
export async function callEverything(): Promise<{ readonly region: string; readonly account: string | undefined }> {
  const kinesis = new KinesisClient({});
  const lambda = new LambdaClient({});
  const s3 = new S3Client({});
  const sns = new SNSClient({});
  const sqs = new SQSClient({});
  const sts = new STSClient({});
  await kinesis.send(new ListStreamsCommand({}));
  await lambda.send(new ListFunctionsCommand({}));
  await s3.send(new CreateBucketCommand({ Bucket: "reports" }));
  await s3.send(new PutObjectCommand({ Bucket: "reports", Key: "a", Body: "1" }));
  await sns.send(new ListTopicsCommand({}));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "1" }));
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  const region = await kinesis.config.region();
  for (const client of [kinesis, lambda, s3, sns, sqs, sts]) client.destroy();
  return { region, account: Account };
}

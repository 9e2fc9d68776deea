export type ConsumerStatus = "CREATING" | "ACTIVE" | "DELETING";

/** A consumer that is registered for enhanced fan-out. */
export class StreamConsumer {
  readonly name: string;
  readonly arn: string;
  /** AWS: whole seconds, in milliseconds. */
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  status: ConsumerStatus = "CREATING";
  policy: string | undefined;

  /** AWS: the second of its creation is a part of its ARN (AWS docs). */
  constructor(name: string, streamArn: string, createdSeconds: number, tags: ReadonlyMap<string, string>) {
    this.name = name;
    this.arn = `${streamArn}/consumer/${name}:${createdSeconds}`;
    this.createdAt = createdSeconds * 1000;
    this.tags = new Map(tags);
  }
}

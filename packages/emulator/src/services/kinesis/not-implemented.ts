/** Operations that are declined, each with its reason. */
export const notImplemented = {
  CreateChannel: "channels deliver to S3, which no stream processing test needs",
  DeleteChannel: "there are no channels",
  DescribeChannel: "there are no channels",
  ListChannels: "there are no channels",
  UpdateChannel: "there are no channels",
} as const;

import type * as sdk from "@aws-sdk/client-dynamodb";
import type { OperationsOf } from "../../protocols/operations.ts";

const partiql = "PartiQL is not spoken here; the operations on items are";
const backups = "there are no backups of tables";
const globalTables = "each region has its own tables, and none is replicated";
const bulk = "items come in by PutItem and BatchWriteItem";
const insights = "nothing is measured";
const policies = "tables have no policies of their own here";
const kinesisDestinations = "changes go to the table's own stream; put a function between it and a Kinesis stream";

/** Operations that are declined, each with its reason. */
export const notImplemented = {
  BatchExecuteStatement: partiql,
  CancelBulkOperation: bulk,
  CreateBackup: backups,
  CreateGlobalTable: globalTables,
  DeleteBackup: backups,
  DeleteResourcePolicy: policies,
  DescribeBackup: backups,
  DescribeBulkOperation: bulk,
  DescribeContinuousBackups: backups,
  DescribeContributorInsights: insights,
  DescribeEndpoints: "clients have the endpoint that they were given",
  DescribeExport: backups,
  DescribeGlobalTable: globalTables,
  DescribeGlobalTableSettings: globalTables,
  DescribeImport: bulk,
  DescribeKinesisStreamingDestination: kinesisDestinations,
  DescribeLimits: "capacity is not limited",
  DescribeTableReplicaAutoScaling: globalTables,
  DisableKinesisStreamingDestination: kinesisDestinations,
  EnableKinesisStreamingDestination: kinesisDestinations,
  ExecuteStatement: partiql,
  ExecuteTransaction: partiql,
  ExportTableToPointInTime: backups,
  GetResourcePolicy: policies,
  ImportTable: bulk,
  ListBackups: backups,
  ListBulkOperations: bulk,
  ListContributorInsights: insights,
  ListExports: backups,
  ListGlobalTables: globalTables,
  ListImports: bulk,
  PutResourcePolicy: policies,
  RestoreTableFromBackup: backups,
  RestoreTableToPointInTime: backups,
  SearchVectors: "there are no vector indexes",
  StartBulkPutItems: bulk,
  UpdateContinuousBackups: backups,
  UpdateContributorInsights: insights,
  UpdateGlobalTable: globalTables,
  UpdateGlobalTableSettings: globalTables,
  UpdateKinesisStreamingDestination: kinesisDestinations,
  UpdateTableReplicaAutoScaling: globalTables,
} as const satisfies Partial<Record<keyof OperationsOf<typeof sdk>, string>>;

/** Environments that are asked to be kept for a version or an alias. Replaced as a whole. */
export interface ProvisionedConcurrency {
  readonly requested: number;
  readonly ready: boolean;
  /** World time, milliseconds since the epoch. */
  readonly lastModified: number;
}

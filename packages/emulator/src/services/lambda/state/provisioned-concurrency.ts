/** Environments that are asked to be kept for a version or an alias. Replaced as a whole. */
export interface ProvisionedConcurrency {
  readonly requested: number;
  /** World time, milliseconds since the epoch. */
  readonly lastModified: number;
}

/** What a service model says about one member beyond its shape: bounds, pattern, values, exact numeric type. */
export interface Constraint {
  readonly t?: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Of a list: its elements. */
  readonly member?: Constraint;
  /** Of a map: its keys. */
  readonly key?: Constraint;
  /** Of a map: its values. */
  readonly value?: Constraint;
}

/** Structure name → member name → constraint. */
export type ConstraintTable = Readonly<Record<string, Readonly<Record<string, Constraint>>>>;

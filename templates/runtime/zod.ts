// Zod, with types that cost the compiler little. Zod infers the type of every expression anew; here the
// types are printed in types.ts, made from the same contract as the schemas, and the inference is skipped.
// At run time this is Zod itself.
import { type ZodType, z as zod } from 'zod';

type Schemas = readonly ZodType[];

/** What is as quick as it is: types without parameters. */
type Plain = Pick<
  typeof zod,
  | 'string'
  | 'number'
  | 'int'
  | 'int32'
  | 'boolean'
  | 'null'
  | 'unknown'
  | 'never'
  | 'guid'
  | 'email'
  | 'url'
  | 'ipv4'
  | 'ipv6'
  | 'hostname'
  | 'iso'
  | 'file'
>;

/** What takes its type from where it stands: `const Pet: ZodType<Pet> = z.looseObject({ ... })`. */
interface Typed {
  object(shape: Readonly<Record<string, ZodType>>): { catchall<T>(rest: ZodType): ZodType<T> };
  looseObject<T>(shape: Readonly<Record<string, ZodType>>): ZodType<T>;
  strictObject<T>(shape: Readonly<Record<string, ZodType>>): ZodType<T>;
  record<T>(key: ZodType, value: ZodType): ZodType<T>;
  array(item: ZodType): ArraySchema;
  union<T>(alternatives: Schemas): ZodType<T>;
  /** Exactly one of the alternatives. */
  xor<T>(alternatives: Schemas): ZodType<T>;
  enum<T>(values: readonly string[]): ZodType<T>;
  literal<T>(value: unknown): ZodType<T>;
  nullable<T>(schema: ZodType): ZodType<T>;
  /** The property may be absent; unlike `optional`, it may not be undefined, which JSON cannot say. */
  exactOptional<T>(schema: ZodType): ZodType<T>;
  _default<T>(schema: ZodType, value: unknown): ZodType<T>;
  lazy<T>(schema: () => ZodType): ZodType<T>;
}

interface ArraySchema extends ZodType<never[]> {
  min(length: number): ArraySchema;
  max(length: number): ArraySchema;
}

/** Zod's `exactOptional` judges a property that is absent, to drop the verdict; `optional` asks nothing then. */
export const z: Plain & Typed = { ...zod, exactOptional: zod.optional } as unknown as Plain & Typed;

/** The ranges of OpenAPI's format registry; `uint64` is as wide as JavaScript's integers are exact. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** The numbers that a format stands for, where it refuses others. */
export const rangeOfFormat = (
  format: string | undefined,
): readonly [least: number, most: number] | undefined =>
  format !== undefined && Object.hasOwn(RANGES, format) ? RANGES[format] : undefined;

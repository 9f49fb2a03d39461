import { z } from 'zod'
import { type Given } from './given.ts'
import type { Option } from './option.ts'
import { OPTION_NAMES, type OptionName, optionNamed, type OPTIONS } from './options.ts'

/** Every option's value, read and good by itself; what belongs together is checked in `assemble`. */
export type Settings = {
  readonly [Name in OptionName]: (typeof OPTIONS)[Name] extends Option<infer Value> ? Value : never
}

/** The one schema: strict, one key for each row of the table. */
const settingsSchema = z.strictObject(
  Object.fromEntries(OPTION_NAMES.map((name) => [name, optionNamed(name).kind.schema])),
) as unknown as z.ZodType<Settings>

/** Problems name the key as it was given. A bad value is replaced by the default, so that the others can be judged too. */
export function parseSettings(given: ReadonlyMap<OptionName, Given>): {
  readonly settings: Settings
  readonly bad: ReadonlySet<OptionName>
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  const bad = new Set<OptionName>()
  const parsed = settingsSchema.safeParse(rawOf(given, bad))
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = path[0] as OptionName
    bad.add(name)
    problems.push(`${given.get(name)?.origin ?? name}: ${message}`)
  }
  return { settings: parsed.data ?? settingsSchema.parse(rawOf(given, bad)), bad, problems }
}

function rawOf(given: ReadonlyMap<OptionName, Given>, bad: ReadonlySet<OptionName>): Record<string, unknown> {
  const raw = (name: OptionName) => {
    const own = bad.has(name) ? undefined : given.get(name)
    return own ? own.value : optionNamed(name).default
  }
  return Object.fromEntries(OPTION_NAMES.map((name) => [name, raw(name)]))
}

import { z } from 'zod'
import type { Address } from '../model/address.ts'
import { type ListenAddress, parseAddress, parseListenAddress } from './address.ts'
import { parseDuration } from './duration.ts'
import { parseGoRegex } from './go-regex.ts'
import { checkLabelName, parseLabel } from './labels.ts'
import { Secret } from './secret.ts'
import { isWrong, show, type Wrong } from './text.ts'

/** How one option's value is read, whether it came as text (flag, environment) or as a YAML value. */
export interface Kind<T> {
  readonly schema: z.ZodType<T>
  /** What stands for the value in `--help`; a switch has none and takes `--no-`. */
  readonly placeholder: string
  readonly switch?: true
  /** A switch without `--no-`. */
  readonly alwaysOn?: true
  readonly repeatable?: true
  readonly secret?: true
}

/** Wraps a pure parser as a zod schema; what it calls wrong becomes the issue's message, and names the value itself. */
export function reads<T>(parse: (given: unknown) => T | Wrong): z.ZodType<T> {
  return z.unknown().transform((given, context): T => {
    const parsed = parse(given)
    if (!isWrong(parsed)) return parsed
    context.issues.push({ code: 'custom', message: parsed.wrong, input: undefined })
    return z.NEVER
  })
}

/** YAML reads 0123 as a number and `no` as text: what is meant as text has to be written as text. */
function asText(given: unknown): string | Wrong {
  if (typeof given === 'string') return given
  const quoted = typeof given === 'number' || typeof given === 'boolean' ? '; put it in quotes' : ''
  return { wrong: `${show(given)} is not text${quoted}` }
}

function reading<T>(parse: (text: string) => T | Wrong): z.ZodType<T> {
  return reads((given) => {
    const text = asText(given)
    return isWrong(text) ? text : parse(text)
  })
}

export function text(placeholder: string, check?: (text: string) => Wrong | undefined): Kind<string> {
  return { placeholder, schema: reading((given) => check?.(given) ?? given) }
}

/** Never says what it was given, not even when that is of the wrong type. */
export function secret(placeholder: string): Kind<Secret> {
  const schema = reads((given): Secret | Wrong =>
    typeof given === 'string' ? new Secret(given) : { wrong: 'is not text; put it in quotes' },
  )
  return { placeholder, secret: true, schema }
}

export function toggle(): Kind<boolean> {
  const schema = reads((given): boolean | Wrong => {
    if (typeof given === 'boolean') return given
    const word = typeof given === 'string' ? given.toLowerCase() : undefined
    if (word === 'true' || word === '1') return true
    if (word === 'false' || word === '0') return false
    return { wrong: `${show(given)} is neither true nor false` }
  })
  return { placeholder: '', switch: true, schema }
}

/** A switch that is there to explain itself: it cannot be turned off. */
export function alwaysOn(reason: string): Kind<true> {
  const schema = toggle().schema.transform((on, context): true => {
    if (!on) context.issues.push({ code: 'custom', message: `cannot be switched off: ${reason}`, input: undefined })
    return true
  })
  return { placeholder: '', switch: true, alwaysOn: true, schema }
}

export function integer(lowest: number, highest: number): Kind<number> {
  const schema = reads((given): number | Wrong => {
    const value = typeof given === 'string' && /^-?\d{1,15}$/.test(given) ? Number(given) : given
    if (typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest) return value
    return { wrong: `${show(given)} is not a whole number from ${lowest} to ${highest}` }
  })
  return { placeholder: 'N', schema }
}

/** Milliseconds, at most a year. */
export function duration(): Kind<number> {
  const schema = reads((given): number | Wrong => {
    const ms = typeof given === 'string' ? parseDuration(given) : given === 0 ? 0 : undefined
    if (ms === undefined)
      return { wrong: `${show(given)} is not a duration: write a number and a unit, as in 30s, 5m or 24h` }
    return ms <= 365 * 86_400_000 ? ms : { wrong: `${show(given)} is too long: at most 365d` }
  })
  return { placeholder: 'DURATION', schema }
}

export function pattern(): Kind<RegExp> {
  return { placeholder: 'REGEX', schema: reading(parseGoRegex) }
}

/** One of a few words in any case. `spellings` maps what else is understood to one of them. */
export function oneOf<const W extends string>(
  words: readonly W[],
  spellings: Readonly<Record<string, W>> = {},
): Kind<W> {
  const schema = reading((given): W | Wrong => {
    const word = given.toLowerCase()
    return (
      words.find((known) => known === word) ??
      spellings[word] ?? { wrong: `${show(given)} is not one of ${words.join(', ')}` }
    )
  })
  return { placeholder: 'WORD', schema }
}

export function listenAddress(): Kind<ListenAddress> {
  return { placeholder: 'HOST:PORT', schema: reading(parseListenAddress) }
}

/** A list of words, duplicates removed: repeated, or separated by commas in one value. Empty words are passed over. */
export function words(placeholder: string): Kind<readonly string[]> {
  const schema = readsMany(wordsIn, (list): readonly string[] => [...new Set(list)])
  return { placeholder, repeatable: true, schema }
}

/** At least one address, duplicates removed (host names have no case). */
export function addresses(defaultPort: number): Kind<readonly Address[]> {
  return { placeholder: 'HOST:PORT', repeatable: true, schema: addressList(defaultPort, 1) }
}

export function addressList(defaultPort: number, fewest: 0 | 1): z.ZodType<readonly Address[]> {
  return readsMany(
    (given) => wordsIn(given).map((word) => (isWrong(word) ? word : parseAddress(word, defaultPort))),
    (list): readonly Address[] | Wrong => {
      const first = new Map<string, Address>()
      for (const address of list) {
        const key = `${address.host.toLowerCase()} ${address.port}`
        if (!first.has(key)) first.set(key, address)
      }
      return first.size >= fewest
        ? [...first.values()]
        : { wrong: '"" names no address: at least one HOST:PORT is needed' }
    },
  )
}

/** `a=b,c=d`, the same repeated, or a YAML mapping of text to text. */
export function labels(): Kind<Readonly<Record<string, string>>> {
  const schema = readsMany(
    (given) =>
      typeof given === 'object' && given !== null && !Array.isArray(given)
        ? Object.entries(given).map(labelOf)
        : wordsIn(given).map((word) => (isWrong(word) ? word : parseLabel(word))),
    (list): Readonly<Record<string, string>> | Wrong => {
      const names = list.map(([name]) => name)
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      return twice === undefined ? Object.fromEntries(list) : { wrong: `gives the label ${show(twice)} twice` }
    },
  )
  return { placeholder: 'NAME=VALUE', repeatable: true, schema }
}

function labelOf([name, given]: [string, unknown]): readonly [string, string] | Wrong {
  const value = asText(given)
  return checkLabelName(name) ?? (isWrong(value) ? { wrong: `the value of ${name}: ${value.wrong}` } : [name, value])
}

export function wordsIn(given: unknown): (string | Wrong)[] {
  return (Array.isArray(given) ? (given as unknown[]) : [given]).flatMap((item): (string | Wrong)[] => {
    const list = asText(item)
    return isWrong(list) ? [list] : list.split(',').flatMap((word) => word.trim() || [])
  })
}

/** Reads each item by itself, so that every bad one gets a message of its own; `done` judges the list once all are good. */
function readsMany<T, R>(parse: (given: unknown) => (T | Wrong)[], done: (values: T[]) => R | Wrong): z.ZodType<R> {
  return z.unknown().transform((given, context): R => {
    const parsed = parse(given)
    const values = parsed.filter((value): value is T => !isWrong(value))
    const bad: unknown[] = parsed.filter(isWrong)
    const result = bad.length === 0 ? done(values) : z.NEVER
    if (bad.length === 0 && !isWrong(result)) return result
    for (const { wrong } of bad.length > 0 ? bad.filter(isWrong) : [result].filter(isWrong)) {
      context.issues.push({ code: 'custom', message: wrong, input: undefined })
    }
    return z.NEVER
  })
}

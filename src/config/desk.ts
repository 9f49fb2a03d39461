import { type Given } from './given.ts'
import { optionNamed, type OptionName } from './options.ts'
import { type IsDirectory, type ReadFile, readText } from './read-file.ts'
import type { Settings } from './schema.ts'
import { isWrong, type Wrong } from './text.ts'

/** What the checks of options that belong together work with. Messages name a key as the user spelled it. */
export interface Desk {
  readonly settings: Settings
  /** The key's spelling: the user's own, else the flag's. */
  origin(name: OptionName): string
  /** Says something about `about[0]`, unless one of the options it rests on was already found bad by itself. */
  problem(about: readonly [OptionName, ...OptionName[]], text: string): void
  warn(text: string): void
  /** The text of the file an option names; undefined, and a problem, if it cannot be had. */
  file(name: OptionName, path: string): string | undefined
  isDirectory(path: string): boolean
  /** Warns where the user set `name`, of which nothing is left, to blank text: a variable that is not set. An empty list is meant. */
  blank(name: OptionName, reason: string): void
  /** Warns of each of `names` that the user set to something else than the default, as none of them has an effect now. */
  idle(names: readonly OptionName[], reason: string): void
}

export interface Findings {
  readonly problems: string[]
  readonly warnings: string[]
}

export function openDesk(
  settings: Settings,
  given: ReadonlyMap<OptionName, Given>,
  bad: ReadonlySet<OptionName>,
  { readFile, isDirectory }: { readonly readFile: ReadFile; readonly isDirectory: IsDirectory },
  { problems, warnings }: Findings,
): Desk {
  const origin = (name: OptionName) => given.get(name)?.origin ?? `--${name}`
  const desk: Desk = {
    settings,
    origin,
    problem(about, text) {
      if (!about.some((name) => bad.has(name))) problems.push(`${origin(about[0])}: ${text}`)
    },
    warn(text) {
      warnings.push(text)
    },
    file(name, path) {
      const read = readText(path, readFile)
      if (!isWrong(read)) return read.text
      desk.problem([name], read.wrong)
      return undefined
    },
    isDirectory,
    blank(name, reason) {
      const set = given.get(name)
      if (set && !(Array.isArray(set.value) && set.value.length === 0))
        warnings.push(`${set.origin} has no effect: ${reason}`)
    },
    idle(names, reason) {
      for (const name of names) {
        const set = given.get(name)
        if (set && String(set.value) !== optionNamed(name).default)
          warnings.push(`${set.origin} has no effect: ${reason}`)
      }
    },
  }
  return desk
}

/** Passes a value on; of what is wrong it makes a problem. */
export function orProblem<T>(desk: Desk, name: OptionName, value: T | Wrong): T | undefined {
  if (!isWrong(value)) return value
  desk.problem([name], value.wrong)
  return undefined
}

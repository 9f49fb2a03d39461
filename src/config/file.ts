import { type Given, type Reading } from './given.ts'
import { isOptionName, OPTION_NAMES, type OptionName, optionNamed } from './options.ts'
import { nearest } from './text.ts'

const IN_FILE = OPTION_NAMES.filter((name) => !optionNamed(name).notInFile)

/**
 * The configuration file's content: mappings, down to names that are options. `path` is for messages. Only keys appear in
 * them, no values: what stands at the wrong place may be a password.
 */
export function parseConfigFile(content: unknown, path: string): Reading {
  const given = new Map<OptionName, Given>()
  const problems: string[] = []
  descend(content ?? {}, '')
  return { given, problems }

  function descend(value: unknown, prefix: string): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push(`${prefix || 'the file'} (in ${path}): has to be a mapping of keys to values`)
      return
    }
    for (const [key, child] of Object.entries(value)) take(prefix === '' ? key : `${prefix}.${key}`, key, child)
  }

  function take(name: string, key: string, value: unknown): void {
    const origin = `${name} (in ${path})`
    if (key.includes('.')) {
      problems.push(
        `${origin}: keys are nested: write ${key.replaceAll('.', ': {')}: ...${'}'.repeat(key.split('.').length - 1)}`,
      )
    } else if (isOptionName(name)) {
      if (optionNamed(name).notInFile) problems.push(`${origin}: cannot be set in the file itself`)
      else if (value === null) problems.push(`${origin}: has no value; give one or leave the key out`)
      else given.set(name, { value, origin })
    } else if (OPTION_NAMES.some((known) => known.startsWith(`${name}.`))) {
      // A heading whose keys are all commented out says nothing.
      descend(value ?? {}, name)
    } else {
      problems.push(`${origin}: unknown key; the nearest is ${nearestKey(name)}`)
    }
  }
}

/** A misspelled heading is compared with headings: `kafak: {...}` is nearer to `kafka: {...}` than to `logs: {kafka: ...}`. */
function nearestKey(name: string): string {
  const depth = name.split('.').length
  const cut = (known: string): string => known.split('.').slice(0, depth).join('.')
  const heading = nearest(name, IN_FILE.map(cut)) ?? ''
  return IN_FILE.find((known) => cut(known) === heading) ?? ''
}

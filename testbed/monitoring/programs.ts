import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Programs {
  readonly prometheus: string | undefined
  readonly alertmanager: string | undefined
}

/** By the names that Debian and the projects' own archives give them; undefined: not installed. */
export function findPrograms(path = process.env['PATH'] ?? ''): Programs {
  return {
    prometheus: find(path, ['prometheus']),
    alertmanager: find(path, ['prometheus-alertmanager', 'alertmanager']),
  }
}

function find(path: string, names: readonly string[]): string | undefined {
  const places = path.split(delimiter).filter((place) => place !== '')
  return names.flatMap((name) => places.map((place) => join(place, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What to say of programs that are not there; undefined: nothing. */
export function missingPrograms({ prometheus, alertmanager }: Programs): string | undefined {
  const missing = [
    ...(prometheus === undefined ? ['prometheus'] : []),
    ...(alertmanager === undefined ? ['prometheus-alertmanager'] : []),
  ]
  if (missing.length === 0) return undefined
  const verb = missing.length === 1 ? 'is' : 'are'
  return `${missing.join(' and ')} ${verb} not installed (Debian: apt-get install ${missing.join(' ')}): going on without`
}

/** What was written into the logs since the exporter began to read them: lines by level and by kind. */
import { extentOf, readWhole, type Extent } from './files.ts'
import { isOfKind, KINDS, ONCE, type Kind } from './kinds.ts'
import { linesOf, type Line } from './lines.ts'

/** `controller/kafka_controller_elected`. */
export type EventKey = `${Kind['component']}/${string}`

export const keyOf = ({ component, event }: Pick<Kind, 'component' | 'event'>): EventKey => `${component}/${event}`

export interface Written {
  readonly levels: ReadonlyMap<string, number>
  /** Every kind, those that were not written too: when each line was written, oldest first, ms since 1970. */
  readonly events: ReadonlyMap<EventKey, readonly number[]>
}

/** Where each file ends, by its path. */
export type Extents = ReadonlyMap<string, Extent>

export function extentsOf(files: readonly string[]): Extents {
  return new Map(files.map((file) => [file, extentOf(file)]))
}

/** From the byte `from` of each file to its end in `to`. */
export function writtenIn(from: ReadonlyMap<string, number>, to: Extents): Written {
  const levels = new Map<string, number>()
  const events = new Map<EventKey, number[]>(KINDS.map((kind) => [keyOf(kind), []]))
  for (const [file, { bytes }] of to) {
    const counted = new Map<string, number>()
    const text = readWhole(file, bytes)
      .subarray(from.get(file) ?? 0)
      .toString('utf8')
    for (const line of linesOf(text)) {
      levels.set(line.level, (levels.get(line.level) ?? 0) + 1)
      for (const kind of KINDS)
        if (isOfKind(kind, line) && isNews(kind.event, line, counted)) events.get(keyOf(kind))?.push(line.at)
    }
  }
  for (const times of events.values()) times.sort((a, b) => a - b)
  return { levels, events }
}

/** `counted`: when the newest that counted was written, of one file. */
function isNews(event: string, { at, text }: Line, counted: Map<string, number>): boolean {
  const once = ONCE[event]
  if (once === undefined) return true
  const key = `${event} ${once.of.exec(text)?.[0] ?? ''}`
  if (Math.abs(at - (counted.get(key) ?? -Infinity)) <= once.withinMs) return false
  counted.set(key, at)
  return true
}

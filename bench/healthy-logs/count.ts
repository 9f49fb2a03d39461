/** Everything that was written since a moment, through the exporter's own parser. */
import { readFileSync } from 'node:fs'
import { generationsOf, type Extent } from '../../testbed/drills/logs/files.ts'
import type { EventClass, LogComponent, Severity } from '../../src/model/log-event.ts'
import { createParser } from '../../src/sources/logs/line-parser.ts'

export interface Counted {
  readonly component: LogComponent
  readonly event: string
  readonly class: EventClass
  readonly severity: Severity
  readonly count: number
  /** The first such line. */
  readonly text: string
}

export interface Total {
  readonly bytes: number
  readonly lines: number
  readonly events: readonly Counted[]
}

const chunkBytes = 1024 * 1024

/** `from`: bytes of each file, over all its generations, that are not looked at. */
export function countAll(
  files: readonly { readonly file: string; readonly component: LogComponent }[],
  from: ReadonlyMap<string, Extent>,
): Total {
  const events = new Map<string, Counted>()
  let [bytes, lines] = [0, 0]
  for (const { file, component } of files) {
    const parser = createParser({ file, component, timeZone: undefined })
    const sink: Parameters<typeof parser.take>[1] = {
      line: () => lines++,
      event: ({ component: by, event, class: kind, severity, text }) => {
        const key = `${by}/${event}/${severity}`
        const known = events.get(key) ?? { component: by, event, class: kind, severity, count: 0, text }
        events.set(key, { ...known, count: known.count + 1 })
      },
    }
    let skip = from.get(file)?.bytes ?? 0
    for (const path of generationsOf(file)) {
      const all = readFileSync(path)
      const read = all.subarray(Math.min(skip, all.length))
      skip -= all.length - read.length
      bytes += read.length
      for (const text of wholeLines(read)) parser.take(text, sink)
    }
    parser.flush(sink)
  }
  return { bytes, lines, events: [...events.values()].sort((a, b) => b.count - a.count) }
}

function* wholeLines(read: Buffer): Generator<string> {
  for (let start = 0; start < read.length;) {
    const found = read.lastIndexOf(10, Math.min(start + chunkBytes, read.length) - 1)
    // A line that is longer than a chunk, or the last one without an end.
    const end = found < start ? read.length : found + 1
    yield read.toString('utf8', start, end)
    start = end
  }
}

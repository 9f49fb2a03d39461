import type { Entry } from './entry.ts'
import type { LogEvent } from '../model/log-event.ts'
import type { LogFile } from '../model/logs.ts'
import type { State } from '../store.ts'

/** What one state may add to the log about files; a glob may match thousands, and a disk takes them all with it. */
const mostFiles = 5
/** What the logs say is in the logs: here stands what somebody should have seen, and no flood of it. */
const mostEvents = 10
const perMs = 60_000
/** An event of a backlog is no news; whoever wants to know asks `analyze`. */
const freshMs = 60_000
const longestText = 300

/** The files that are followed and the events that stand out. */
export class LogsJournal {
  /** Path -> what was told of it last. A file that is as it should be is not told of. */
  readonly #told = new Map<string, string>()
  #taken = 0
  #minuteOf = -Infinity
  #inMinute = 0
  #withheld = 0

  entries(before: State, after: State): readonly Entry[] {
    const logs = after.view.logs?.value
    if (logs === undefined || logs === before.view.logs?.value) return []
    return [...this.#fileEntries(logs.files), ...truncationEntries(before, logs.files), ...this.#eventEntries(after)]
  }

  #fileEntries(files: readonly LogFile[]): readonly Entry[] {
    const entries: Entry[] = []
    for (const { path, up, failure = 'it cannot be read' } of files) {
      const told = this.#told.get(path)
      if (up && told !== undefined) {
        this.#told.delete(path)
        entries.push({ level: 'info', message: 'log file is read', fields: { file: path } })
      } else if (!up && told !== failure) {
        this.#told.set(path, failure)
        entries.push({ level: 'warn', message: 'log file is not read', fields: { file: path, reason: failure } })
      }
    }
    this.#forgetAllBut(files)
    return shortened(entries)
  }

  /** What no longer matches is not followed any more. */
  #forgetAllBut(files: readonly LogFile[]): void {
    if (this.#told.size === 0) return
    const paths = new Set(files.map(({ path }) => path))
    for (const path of this.#told.keys()) if (!paths.has(path)) this.#told.delete(path)
  }

  #eventEntries({ view, at }: State): readonly Entry[] {
    const { newest = [], taken = 0 } = view.logs?.value ?? {}
    const fresh = newest.slice(Math.max(0, newest.length - (taken - this.#taken)))
    this.#taken = taken
    const entries = at.mono - this.#minuteOf < perMs ? [] : this.#nextMinute(at.mono)
    for (const event of fresh) {
      if (!standsOut(event) || event.at === undefined || Math.abs(at.wall - event.at) > freshMs) continue
      if (this.#inMinute < mostEvents) entries.push(eventEntry(event))
      else this.#withheld++
      this.#inMinute++
    }
    return entries
  }

  #nextMinute(nowMs: number): Entry[] {
    const events = this.#withheld
    this.#minuteOf = nowMs
    this.#inMinute = 0
    this.#withheld = 0
    return events === 0 ? [] : [{ level: 'info', message: 'more such events in the logs', fields: { events } }]
  }
}

function truncationEntries(before: State, files: readonly LogFile[]): readonly Entry[] {
  const known = new Map(before.history.logs?.files.map(({ path, truncations }) => [path, truncations]))
  const shorter = files.filter(({ path, truncations }) => truncations > (known.get(path) ?? 0))
  return shortened(
    shorter.map(({ path, truncations }) => ({
      level: 'info',
      message: 'log file was truncated: what was written just before may not have been read',
      fields: { file: path, truncations },
    })),
  )
}

function shortened(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length <= mostFiles) return entries
  const files = entries.length - mostFiles
  const rest: Entry = { level: 'warn', message: 'the same, or the opposite, of more log files', fields: { files } }
  return [...entries.slice(0, mostFiles), rest]
}

function standsOut({ severity }: LogEvent): boolean {
  return severity === 'critical' || severity === 'major'
}

function eventEntry({ event, component, at, file, text }: LogEvent): Entry {
  const time = at === undefined ? '' : new Date(at).toISOString()
  const short = text.length > longestText ? `${text.slice(0, longestText)}...` : text
  return { level: 'info', message: 'the logs tell', fields: { event, component, at: time, file, text: short } }
}

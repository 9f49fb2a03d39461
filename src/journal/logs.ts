import type { Entry } from './entry.ts'
import type { LogEvent } from '../model/log-event.ts'
import type { LogFile } from '../model/logs.ts'
import type { State } from '../store.ts'

/** What one state may add to the log about files; a glob may match thousands, and a disk takes them all with it. */
const mostFiles = 5
/** What stands out, the worst first. */
const weighty = ['critical', 'major'] as const
type Weighty = (typeof weighty)[number]
/** How each is logged. */
const levels: Readonly<Record<Weighty, Entry['level']>> = { critical: 'warn', major: 'info' }
/**
 * Of each severity in a minute: what the logs say is in the logs, here stands what somebody should have seen, and no flood
 * of it. The first critical event of its name comes beyond it, too: a partition without a leader is told a thousand times.
 */
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
  readonly #inMinute: Record<Weighty, number> = { critical: 0, major: 0 }
  readonly #withheld: Record<Weighty, number> = { critical: 0, major: 0 }
  /** The critical events that were named in this minute. */
  readonly #named = new Set<string>()

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
    const isNow = (event: LogEvent): boolean => event.at !== undefined && Math.abs(at.wall - event.at) <= freshMs
    for (const severity of weighty) {
      for (const event of fresh) {
        if (event.severity !== severity || !isNow(event)) continue
        if (this.#isTold(severity, event)) entries.push(eventEntry(severity, event))
        else this.#withheld[severity]++
      }
    }
    return entries
  }

  #isTold(severity: Weighty, { event }: LogEvent): boolean {
    const isFirst = severity === 'critical' && !this.#named.has(event)
    if (isFirst) this.#named.add(event)
    return this.#inMinute[severity]++ < mostEvents || isFirst
  }

  #nextMinute(nowMs: number): Entry[] {
    const entries: Entry[] = []
    for (const severity of weighty) {
      const events = this.#withheld[severity]
      this.#inMinute[severity] = this.#withheld[severity] = 0
      if (events === 0) continue
      entries.push({ level: levels[severity], message: 'more such events in the logs', fields: { severity, events } })
    }
    this.#minuteOf = nowMs
    this.#named.clear()
    return entries
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

function eventEntry(severity: Weighty, { event, component, at, file, text }: LogEvent): Entry {
  const time = at === undefined ? '' : new Date(at).toISOString()
  const short = text.length > longestText ? `${text.slice(0, longestText)}...` : text
  const fields = { event, severity, component, at: time, file, text: short }
  return { level: levels[severity], message: 'the logs tell', fields }
}

import type { LogEvent } from './model/log-event.ts'
import type { LogFile, Logs } from './model/logs.ts'
import type { LogEventFacts, LogFileFacts, LogsFacts } from './web/contract.ts'

const mostFiles = 10
const mostEvents = 10
/** However many major ones there are since; and an old critical one does not hide all that came later. */
const criticalEvents = 5
const longestText = 200
/** What was written while the page was made is no lag that anybody needs to see. */
const lagBytesShown = 64 * 1024
/** As far as dates go; a line may claim any time. */
const latestMs = 8.64e15

/** The followed logs as the landing page tells of them: files that are not as they should be, and the newest events of weight. */
export function logsFacts({ files, newest }: Logs): LogsFacts {
  const isBehind = ({ up, lagBytes }: LogFile): boolean => up && lagBytes > lagBytesShown
  const down = files.filter(({ up }) => !up)
  const shown = [...down, ...files.filter(isBehind)].slice(0, mostFiles)
  const major = newestFirst(newest, 'major')
  const critical = newestFirst(newest, 'critical').slice(0, Math.max(criticalEvents, mostEvents - major.length))
  return {
    total: files.length,
    down: down.length,
    files: shown.map(fileFacts),
    events: [
      ...critical.map((event) => eventFacts('critical', event)),
      ...major.slice(0, mostEvents - critical.length).map((event) => eventFacts('major', event)),
    ],
  }
}

/** By the lines' own times, as several files are read one after the other; those without one by when they were read. */
function newestFirst(newest: readonly LogEvent[], wanted: LogEventFacts['severity']): readonly LogEvent[] {
  const some = newest.filter(({ severity }) => severity === wanted).reverse()
  return some.every(({ at }) => at !== undefined) ? some.sort((a, b) => (b.at ?? 0) - (a.at ?? 0)) : some
}

function fileFacts({ path, up, failure = 'it cannot be read', lagBytes }: LogFile): LogFileFacts {
  return { path, failure: up ? undefined : failure, lagBytes }
}

function eventFacts(severity: LogEventFacts['severity'], { at, event, text }: LogEvent): LogEventFacts {
  return {
    at: at !== undefined && Math.abs(at) < latestMs ? at : undefined,
    event,
    severity,
    text: text.length > longestText ? `${text.slice(0, longestText)}...` : text,
  }
}

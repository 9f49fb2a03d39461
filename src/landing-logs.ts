import type { LogEvent } from './model/log-event.ts'
import type { LogFile, Logs } from './model/logs.ts'
import type { LogEventFacts, LogFileFacts, LogsFacts } from './web/contract.ts'

const mostFiles = 10
const mostEvents = 10
const longestText = 200
/** What was written while the page was made is no lag that anybody needs to see. */
const lagBytesShown = 64 * 1024
/** As far as dates go; a line may claim any time. */
const latestMs = 8.64e15

/** The followed logs as the landing page tells of them: files that are not as they should be, and the newest events. */
export function logsFacts({ files, newest }: Logs): LogsFacts {
  const isBehind = ({ up, lagBytes }: LogFile): boolean => up && lagBytes > lagBytesShown
  const down = files.filter(({ up }) => !up)
  const shown = [...down, ...files.filter(isBehind)].slice(0, mostFiles)
  const events = newest.filter(({ severity }) => severity !== 'info').slice(-mostEvents)
  return {
    total: files.length,
    down: down.length,
    files: shown.map(fileFacts),
    events: events.reverse().map(eventFacts),
  }
}

function fileFacts({ path, up, failure = 'it cannot be read', lagBytes }: LogFile): LogFileFacts {
  return { path, failure: up ? undefined : failure, lagBytes }
}

function eventFacts({ at, event, severity, text }: LogEvent): LogEventFacts {
  return {
    at: at !== undefined && Math.abs(at) < latestMs ? at : undefined,
    event,
    isSerious: severity === 'critical' || severity === 'major',
    text: text.length > longestText ? `${text.slice(0, longestText)}...` : text,
  }
}

import type { LogComponent } from '../../model/log-event.ts'

/** Whose code wrote a line; undefined: it cannot be told from its logger. */
export type Origin = 'kafka' | 'zookeeper' | undefined

const longestName = 160
const open = 40
const close = 41
const space = 32
const point = 46
/** 1: may be in the name of a class. A table, as every line's end is read by it. */
const inName = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.$]/.test(String.fromCharCode(code)) ? 1 : 0))

/** Where the logger's name in a closing ` (name)` begins; -1: the line does not end with one. A name has a point in it. */
export function loggerEndingAt(text: string, end: number, from: number): number {
  if (text.charCodeAt(end - 1) !== close) return -1
  let hasPoint = false
  const last = Math.max(from, end - longestName)
  for (let at = end - 2; at >= last; at--) {
    const code = text.charCodeAt(at)
    if (code === open)
      return hasPoint && at < end - 2 && (at === from || text.charCodeAt(at - 1) === space) ? at + 1 : -1
    if (code === point) hasPoint = true
    else if (inName[code] !== 1) return -1
  }
  return -1
}

/** By the first characters that differ: this is done for every line. */
export function originOf(text: string, at: number, end: number): Origin {
  if (at >= end) return undefined
  switch (text.charCodeAt(at)) {
    case 107: // kafka.
      return text.charCodeAt(at + 5) === 46 ? 'kafka' : undefined
    case 115: // state.change.logger
      return text.startsWith('state.change', at) ? 'kafka' : undefined
    case 111: // org.apache.
      if (text.startsWith('org.apache.kafka.', at)) return 'kafka'
      if (text.startsWith('org.apache.zookeeper.', at))
        return isServer(text, at) ? 'zookeeper' : clientOf(text, at, end)
      return undefined
    default:
      return undefined
  }
}

/** Whose line it is: what its logger says, else what the file is. Servers of ZooKeeper may share Kafka's file. */
export function componentOf(
  text: string,
  at: number,
  end: number,
  isByController: boolean,
  file: LogComponent,
): LogComponent {
  const origin = originOf(text, at, end)
  if (origin === undefined) return file
  if (origin === 'zookeeper') return 'zookeeper'
  if (isController(text, at, isByController)) return 'controller'
  return file === 'zookeeper' ? 'kafka' : file
}

/** `org.apache.zookeeper.server.quorum.Leader` -> `Leader`; what is nested in a class counts as the class. */
export function shortName(logger: string): string {
  const name = logger.slice(logger.lastIndexOf('.') + 1)
  const nested = name.indexOf('$')
  return nested < 0 ? name : name.slice(0, nested)
}

function isServer(text: string, at: number): boolean {
  return text.startsWith('server.', at + 21)
}

/** The client lives in a broker, its helpers (`common`, `util`) in both. */
function clientOf(text: string, at: number, end: number): Origin {
  const name = text.slice(at + 21, end)
  return name.startsWith('ClientCnxn') || name === 'ZooKeeper' ? 'kafka' : undefined
}

/** `kafka.controller.`, `org.apache.kafka.controller.`, and the state changes that the controller tells. */
function isController(text: string, at: number, isByController: boolean): boolean {
  if (text.startsWith('kafka.controller.', at) || text.startsWith('org.apache.kafka.controller.', at)) return true
  return text.charCodeAt(at) === 115 && isByController
}

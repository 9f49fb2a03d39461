import { failed, success, type Result } from '../../model/result.ts'

/** Sessions that expire together, and when, as the server's wall clock shows it. */
export interface Bucket {
  /** The printed date's fields read as if they were UTC, ms. Whole seconds, rounded down by the server. */
  readonly printed: number
  readonly sessions: readonly string[]
}

export interface HeldNodes {
  readonly broker: number | undefined
  readonly ephemerals: number
}

export interface DumpText {
  /** Only a server that leads knows when sessions expire; one that follows lists them with their timeouts. */
  readonly leads: boolean
  readonly buckets: readonly Bucket[]
  /** Session -> what it holds. */
  readonly held: ReadonlyMap<string, HeldNodes>
}

const setsLine = /^(?:Local |Global )?Session Sets \(/
/** `1 expire at Sun Nov 22 14:13:24 UTC 2026:`, the zone being anything. */
const bucketLine = /^(\d{1,9}) expire at \w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) (?:\S{1,20} )?(\d{4}):$/
const sessionLine = /^\t0x([0-9a-f]{1,16})$/i
const heldCount = /^Sessions with Ephemerals \((\d{1,9})\):$/
const holderLine = /^0x([0-9a-f]{1,16}):$/i
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * The answer to `dump`, of 3.4 to 3.9. What is cut off or does not add up is `protocol`: half a list must not look like the
 * end of the sessions in the other half.
 */
export function parseDump(text: string, chroot: string): Result<DumpText> {
  const lines = text.split(/\r?\n/)
  const at = lines.findIndex((line) => line.startsWith('ephemeral nodes dump:'))
  if (at < 0) return failed('protocol', `no answer to dump: ${JSON.stringify(text.slice(0, 80))}`)
  const listed = parseBuckets(lines.slice(0, at))
  if (typeof listed === 'string') return failed('protocol', `dump: ${listed}`)
  // 3.5 and newer go on with their connections; in 3.4 these are the last lines.
  const goesOn = lines.slice(0, at).some((line) => /Sets \(\d+\)\/\(|^Global Sessions\(/.test(line))
  const held = parseHeld(lines.slice(at + 1), chroot, goesOn)
  if (typeof held === 'string') return failed('protocol', `dump: ${held}`)
  return success({ leads: lines.slice(0, at).some((line) => setsLine.test(line)), buckets: listed, held })
}

function parseBuckets(lines: readonly string[]): readonly Bucket[] | string {
  const buckets: (Bucket & { readonly sessions: string[]; readonly count: number })[] = []
  for (const line of lines) {
    const session = sessionLine.exec(line)
    if (session !== null) {
      buckets.at(-1)?.sessions.push(normal(session[1]))
      continue
    }
    const match = bucketLine.exec(line)
    if (match === null) {
      if (line.includes(' expire at ')) return `an unknown date in ${JSON.stringify(line.slice(0, 80))}`
      continue
    }
    const printed = printedTime(match)
    if (printed === undefined) return `an impossible date in ${JSON.stringify(line.slice(0, 80))}`
    buckets.push({ printed, sessions: [], count: Number(match[1]) })
  }
  const odd = buckets.find(({ sessions, count }) => sessions.length !== count)
  return odd === undefined ? buckets : `${odd.count} sessions said, ${odd.sessions.length} listed`
}

function printedTime([, , month = '', day, hour, minute, second, year]: RegExpExecArray): number | undefined {
  const index = months.indexOf(month)
  const [d, h, m, s] = [day, hour, minute, second].map(Number) as [number, number, number, number]
  if (index < 0 || d < 1 || d > 31 || h > 23 || m > 59 || s > 60) return undefined
  return Date.UTC(Number(year), index, d, h, m, s)
}

/** The list of holders, up to the line that follows it: without one it was cut off. */
function parseHeld(lines: readonly string[], chroot: string, goesOn: boolean): ReadonlyMap<string, HeldNodes> | string {
  const count = heldCount.exec(lines[0] ?? '')?.[1]
  if (count === undefined) return 'it ends before the ephemeral nodes'
  const root = rootOf(chroot)
  const held = new Map<string, { broker: number | undefined; ephemerals: number }>()
  let holder: { broker: number | undefined; ephemerals: number } | undefined
  let end: string | undefined
  for (const line of lines.slice(1)) {
    const match = holderLine.exec(line)
    if (match !== null) {
      holder = { broker: undefined, ephemerals: 0 }
      held.set(normal(match[1]), holder)
    } else if (line.startsWith('\t') && holder !== undefined) {
      holder.ephemerals++
      holder.broker ??= brokerOf(line.slice(1), root)
    } else {
      end = line
      break
    }
  }
  if (end === undefined || (goesOn && !end.startsWith('Connections dump'))) return 'it ends within the ephemeral nodes'
  return held.size === Number(count) ? held : `${count} holders of ephemeral nodes said, ${held.size} listed`
}

/** Broker whose registration is at the path; `root` is Kafka's, as `rootOf` has it. */
export function brokerOf(path: string, root: string): number | undefined {
  const prefix = `${root}/brokers/ids/`
  const id = path.startsWith(prefix) ? path.slice(prefix.length) : ''
  return /^\d{1,9}$/.test(id) ? Number(id) : undefined
}

export function rootOf(chroot: string): string {
  return chroot === '/' ? '' : chroot
}

/** 3.4 to 3.9 print it without leading zeros; nothing says that they must. */
function normal(hex = ''): string {
  return `0x${hex.toLowerCase().replace(/^0+(?=.)/, '')}`
}

/** A tiny reader of ZooKeeper's four-letter words, from their texts alone. It shares nothing with the exporter's. */

export type Mode = 'leader' | 'follower' | 'observer' | 'standalone' | 'read_only' | 'not_serving'

const MODES: Readonly<Record<string, Mode>> = {
  leader: 'leader',
  follower: 'follower',
  observer: 'observer',
  standalone: 'standalone',
  'read-only': 'read_only',
}

export interface Srvr {
  readonly mode: Mode
  /** Of the last transaction; undefined while it does not serve. */
  readonly zxid: bigint | undefined
}

/** Throws on a text that is neither an answer nor the words for "no quorum". */
export function parseSrvr(text: string): Srvr {
  if (text.includes('not currently serving requests')) return { mode: 'not_serving', zxid: undefined }
  const mode = MODES[/^Mode: (.+)$/m.exec(text)?.[1] ?? '']
  const zxid = /^Zxid: (0x[0-9a-f]+)$/m.exec(text)?.[1]
  if (mode === undefined || zxid === undefined) throw new Error(`srvr says ${JSON.stringify(text.slice(0, 100))}`)
  return { mode, zxid: BigInt(zxid) }
}

export function epochOf(zxid: bigint): number {
  return Number(zxid >> 32n)
}

/** `zk_synced_followers` of a leader's `mntr`; undefined where another server answers. */
export function parseSynced(text: string): number | undefined {
  const found = /^zk_synced_followers\s+([\d.]+)$/m.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

export interface Dump {
  /** Session -> when the ensemble ends it, unix seconds. */
  readonly expiries: ReadonlyMap<string, number>
  /** Broker -> the session that holds its registration. */
  readonly brokers: ReadonlyMap<number, string>
}

/** Of the leader: `2 expire at Sun Nov 22 14:13:25 UTC 2026:` and the sessions below it. Servers and drill share a clock. */
export function parseDump(text: string): Dump {
  const expiries = new Map<string, number>()
  const brokers = new Map<number, string>()
  let part: 'sessions' | 'ephemerals' | undefined
  let bucket: number | undefined
  let owner = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('Session Sets')) part = 'sessions'
    else if (line.startsWith('ephemeral nodes dump')) part = 'ephemerals'
    else if (line.startsWith('Connections dump')) part = undefined
    else if (part === 'sessions') {
      const at = /^\d+ expire at \w+ (.+):$/.exec(line)?.[1]
      if (at !== undefined) bucket = Date.parse(at) / 1000
      const session = /^\s+(0x[0-9a-f]+)$/.exec(line)?.[1]
      if (session !== undefined && bucket !== undefined) expiries.set(session, bucket)
    } else if (part === 'ephemerals') {
      owner = /^(0x[0-9a-f]+):$/.exec(line)?.[1] ?? owner
      const broker = /^\s*\/brokers\/ids\/(\d+)$/.exec(line)?.[1]
      if (broker !== undefined) brokers.set(Number(broker), owner)
    }
  }
  return { expiries, brokers }
}

export interface Connection {
  readonly session: string
  readonly timeoutMs: number
}

/** Lines of `cons` that carry a session: the askers' own have none. */
export function parseCons(text: string): readonly Connection[] {
  return [...text.matchAll(/sid=(0x[0-9a-f]+),.*?\bto=(\d+)/g)].flatMap(([, session = '', to]) =>
    session === '0x0' ? [] : [{ session, timeoutMs: Number(to) }],
  )
}

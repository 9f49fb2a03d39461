import type { EnsembleServer, ServerState } from '../../model/ensemble.ts'

/** What a word, or the AdminServer, told of a server that serves. */
export type Told = Pick<
  EnsembleServer,
  'state' | 'version' | 'zxid' | 'syncedFollowers' | 'peerState' | 'numbers' | 'omitted'
>

const modes: ReadonlyMap<string, ServerState> = new Map([
  ['leader', 'leader'],
  ['follower', 'follower'],
  ['observer', 'observer'],
  ['standalone', 'standalone'],
  ['read-only', 'read_only'],
])

/** `Mode` of `srvr`, `zk_server_state` of `mntr`; undefined: no word of ZooKeeper's. */
export function servingState(text: string): ServerState | undefined {
  return modes.get(text.trim().toLowerCase())
}

const decimal = /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/

/** Averages are whole numbers up to ZooKeeper 3.5, decimals after. Neither NaN nor infinity is a number here. */
export function numberIn(text: string): number | undefined {
  if (text.length > 40 || !decimal.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** The lines of an answer, whatever ends them. What stands behind the last line end may be half a line. */
export function wholeLines(text: string): readonly string[] {
  return text.split(/\r?\n/).slice(0, -1)
}

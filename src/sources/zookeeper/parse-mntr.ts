import { gatherNumbers, type NumbersOptions } from './numbers.ts'
import { numberIn, servingState, wholeLines, type Told } from './told.ts'

/**
 * `zk_key<TAB>value` a line. Keys that hold a znode's name have it as it is, blanks and all; the value is what stands behind
 * the last tab. undefined: no answer of a server that serves.
 */
export function parseMntr(text: string, options: NumbersOptions): Told | undefined {
  const pairs = new Map<string, string>()
  for (const line of wholeLines(text)) {
    const tab = line.lastIndexOf('\t')
    if (tab > 0 && line.startsWith('zk_')) pairs.set(line.slice(3, tab), line.slice(tab + 1).trim())
  }
  return toldByPairs(pairs, options)
}

/** The AdminServer's `monitor` has the same keys, without `zk_`. */
export function toldByPairs(pairs: ReadonlyMap<string, string>, options: NumbersOptions): Told | undefined {
  const state = servingState(pairs.get('server_state') ?? '')
  if (state === undefined) return undefined
  const synced = numberIn(pairs.get('synced_followers') ?? '')
  return {
    state,
    version: pairs.get('version'),
    zxid: undefined,
    syncedFollowers: state === 'leader' ? synced : undefined,
    peerState: pairs.get('peer_state'),
    ...gatherNumbers(pairs, options),
  }
}

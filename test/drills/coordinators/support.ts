import { EnsembleKeeper, type EnsembleTruth } from '../../../testbed/drills/coordinators/ensemble.ts'
import type { Mode } from '../../../testbed/drills/coordinators/words.ts'
import type { ServerWords } from '../../../testbed/drills/coordinators/zookeeper-sampler.ts'

export const SERVERS = [1, 2, 3].map((id) => ({ id, host: 'z', port: 2180 + id }))

/** Session of broker 1 is `0x1` and so on; `expiresAt`: unix seconds of all of them. */
export function dumped(brokers: readonly number[], expiresAt: number): NonNullable<ServerWords['dump']> {
  return {
    brokers: new Map(brokers.map((id) => [id, `0x${id}`])),
    expiries: new Map(brokers.map((id) => [`0x${id}`, expiresAt])),
  }
}

export function words(mode: Mode, more: Partial<ServerWords> & { epoch?: number } = {}): ServerWords {
  const { epoch = 1, ...rest } = more
  const zxid = mode === 'not_serving' ? undefined : (BigInt(epoch) << 32n) + 5n
  return { mode, zxid, synced: undefined, dump: undefined, connections: undefined, ...rest }
}

/** Server 3 leads two followers, and each broker's session is carried by the server of its number. */
export function ensemble(at = 0): EnsembleTruth {
  const keeper = new EnsembleKeeper(SERVERS)
  const now = { at, unix: 100 }
  const carries = (id: number) => [{ session: `0x${id}`, timeoutMs: 18_000 }]
  keeper.hear(1, words('follower', { connections: carries(1) }), now)
  keeper.hear(2, words('follower', { connections: carries(2) }), now)
  keeper.hear(3, words('leader', { synced: 2, connections: carries(3), dump: dumped([1, 2, 3], 115) }), now)
  return keeper.truth
}

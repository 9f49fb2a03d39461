import type { State } from '../store.ts'
import type { Entry } from './entry.ts'

/** Which ZooKeeper server does not answer, and why: with the wrong authority, say, all that is known is here. */
export class EnsembleJournal {
  /** `host:port` -> why it did not answer when that was told last; undefined: it answered. */
  readonly #told = new Map<string, string | undefined>()

  entries({ view }: State): readonly Entry[] {
    return [...(view.zookeeper?.value.servers ?? [])].flatMap(([address, { failure }]): readonly Entry[] => {
      const before = this.#told.get(address)
      this.#told.set(address, failure?.reason)
      if (failure?.reason === before) return []
      if (failure === undefined) return [{ level: 'info', message: 'ZooKeeper server answers', fields: { address } }]
      const { reason, detail } = failure
      return [{ level: 'warn', message: 'ZooKeeper server does not answer', fields: { address, reason, detail } }]
    })
  }
}

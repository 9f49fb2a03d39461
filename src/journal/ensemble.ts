import type { FailureReason } from '../model/result.ts'
import type { State } from '../store.ts'
import type { Entry } from './entry.ts'

/** A dead host may alternate between these for days: one piece of news. */
const silences: readonly FailureReason[] = ['timeout', 'no_route', 'hung']

/** Which ZooKeeper server does not answer, and why: with the wrong authority, say, all that is known is here. */
export class EnsembleJournal {
  /** `host:port` -> why it did not answer when that was told last; undefined: it answered. */
  readonly #told = new Map<string, string | undefined>()

  entries({ view }: State): readonly Entry[] {
    return [...(view.zookeeper?.value.servers ?? [])].flatMap(([address, { failure }]): readonly Entry[] => {
      const before = this.#told.get(address)
      const news = failure && (silences.includes(failure.reason) ? 'silent' : failure.reason)
      this.#told.set(address, news)
      if (news === before) return []
      if (failure === undefined) return [{ level: 'info', message: 'ZooKeeper server answers', fields: { address } }]
      const { reason, detail } = failure
      return [{ level: 'warn', message: 'ZooKeeper server does not answer', fields: { address, reason, detail } }]
    })
  }
}

import { configMaxAgeMs, type Configs } from '../model/configs.ts'
import { sameInts } from '../model/int-lists.ts'
import type { Layout } from '../model/topology.ts'

/** In place of a value: not readable; and not read yet, of a topic that has only just appeared. */
export const minIsrUnknown = 0
export const minIsrPending = -1

/** min.insync.replicas by index into the layout's topics. */
export interface MinIsr {
  readonly layout: Layout
  readonly configs: Configs | undefined
  readonly byTopic: Int32Array
  /** No topic is unknown: counts over all partitions can be given. Pending ones are left out of them for a moment. */
  readonly complete: boolean
  /** Topics that appeared while others were known and have not been read since: name -> `mono` ms of their first look. */
  readonly young: ReadonlyMap<string, number>
  /** `mono` ms at which one of those stops being pending, or a setting becomes too old. */
  readonly settlesAt: number
}

/** For this long the settings of a new topic may be on their way: a look at them, and one more if that came too early. */
const settlingMs = 20_000

/** The same object while neither topics nor settings are others and nothing has waited too long. */
export function nextMinIsr(
  before: MinIsr | undefined,
  layout: Layout,
  configs: Configs | undefined,
  now: number,
): MinIsr {
  if (before?.layout === layout && before.configs === configs && now < before.settlesAt) return before
  const byTopic = new Int32Array(layout.topics.length)
  const young = new Map<string, number>()
  const old = before === undefined || before.layout === layout ? undefined : namesOf(before.layout)
  let complete = true
  let settlesAt = Infinity
  layout.topics.forEach(({ name }, t) => {
    const read = configs?.topics.get(name)
    const config = read !== undefined && now - read.observedAt <= configMaxAgeMs ? read : undefined
    const value = config?.minInsyncReplicas ?? minIsrUnknown
    if (config !== undefined) settlesAt = Math.min(settlesAt, config.observedAt + configMaxAgeMs + 1)
    byTopic[t] = value
    if (value !== minIsrUnknown) return
    const since = before?.young.get(name) ?? (old?.has(name) === false ? now : undefined)
    // One that was read in vain, or refused, is not on its way.
    const isPending = read === undefined && since !== undefined && now < since + settlingMs
    if (!isPending) {
      complete = false
      return
    }
    byTopic[t] = minIsrPending
    young.set(name, since)
    settlesAt = Math.min(settlesAt, since + settlingMs)
  })
  // The same settings read again are the same column, so that nothing is judged anew.
  const isSame = before?.layout === layout && sameInts(before.byTopic, byTopic)
  return { layout, configs, byTopic: isSame ? before.byTopic : byTopic, complete, young, settlesAt }
}

function namesOf({ topics }: Layout): ReadonlySet<string> {
  return new Set(topics.map(({ name }) => name))
}

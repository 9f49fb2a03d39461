/** Between stages too: what has been true for as long as the exporter may take is on /metrics, at every scrape. */
import { compareFamily } from './compare.ts'
import { coordinated } from './coordinators/quorums.ts'
import { durabilityFamilies } from './families-durability.ts'
import { marginFamilies } from './families-margin.ts'
import type { Moment } from './moment.ts'
import { pictureOf, type Picture } from './picture.ts'
import type { Rule } from './rules.ts'
import { agreedView, answers, isDead, type Truth } from './truth.ts'

const FAMILIES = {
  ...marginFamilies,
  kafka_ha_under_min_isr_partitions: durabilityFamilies['kafka_ha_under_min_isr_partitions'],
  kafka_ha_at_min_isr_partitions: durabilityFamilies['kafka_ha_at_min_isr_partitions'],
  kafka_ha_single_isr_partitions: durabilityFamilies['kafka_ha_single_isr_partitions'],
  kafka_ha_unreachable_isr_partitions: durabilityFamilies['kafka_ha_unreachable_isr_partitions'],
}

/** A changed min.insync.replicas may take a look at the configs. */
const CONFIGS_S = 16
const HUNG_S = 5
/** A quorum that is back may take a look at it, at calm pace; how soon its loss is told the scenarios bound. */
const COORDINATED_S = 6

function print(truth: Truth): string {
  const views = [...truth.views].map(([id, view]) => [id, view.controller, view.text])
  return JSON.stringify([[...truth.states], [...truth.zookeepers], views])
}

/** Everybody agrees, somebody answers, and the configs are read: what is expected is one thing. */
function isClear(truth: Truth): boolean {
  const view = agreedView(truth)
  if (view === undefined || truth.zombies.size > 0) return false
  const someAnswer = [...truth.addresses.keys()].some((id) => answers(truth, id))
  return someAnswer && [...view.topics].every((topic) => truth.asked.topics.has(topic))
}

function isSilent(truth: Truth, broker: number): boolean {
  return isDead(truth, broker) && truth.states.get(broker) !== 'stopped'
}

function pictureNow({ truth, at }: Moment): Picture | undefined {
  const unix = Date.now() / 1000
  return pictureOf(truth, { at, window: { from: 0, to: unix } }, { current: new Map(), oldest: new Map() })
}

function wrong(moment: Moment): string | undefined {
  const picture = pictureNow(moment)
  if (picture === undefined) return undefined
  const lines = Object.entries(FAMILIES).flatMap(([family, expected]) =>
    compareFamily(family, expected?.(picture) ?? [], moment.metrics?.all(family) ?? []),
  )
  return lines.length === 0 ? undefined : lines.join('; ')
}

/** Remembers since when the truth is what it is: any change of it begins the grace anew. */
function unchanged(): (moment: Moment) => boolean {
  let last = ''
  let configs: Truth['asked']['topics'] = new Map()
  let configsAt = -Infinity
  let before: boolean | undefined | 'nothing' = 'nothing'
  let coordinatedAt = -Infinity
  return ({ truth, at }) => {
    const now = print(truth)
    const same = now === last
    last = now
    // Of a new topic they are read at once, with the topic.
    const told = truth.asked.topics
    const changed = [...told].some(([topic, { minIsr }]) => (configs.get(topic)?.minIsr ?? minIsr) !== minIsr)
    if (changed) configsAt = at
    configs = told
    const acts = coordinated(truth)
    if (before !== 'nothing' && acts !== before) coordinatedAt = at
    before = acts
    return same && at - configsAt >= CONFIGS_S * 1000 && at - coordinatedAt >= COORDINATED_S * 1000
  }
}

/** `withinS`: how long the exporter may take where no closed socket wakes it. */
export function steadyRules(withinS: number): readonly Rule[] {
  const silentOne = (truth: Truth): boolean => [...truth.addresses.keys()].some((id) => isSilent(truth, id))
  const rule = (name: string, graceS: number, applies: (truth: Truth) => boolean): Rule => {
    const steady = unchanged()
    return {
      name: `${name} (${graceS} s)`,
      graceS,
      when: (moment) => {
        const holds = steady(moment)
        return holds && applies(moment.truth) && isClear(moment.truth)
      },
      wrong,
    }
  }
  return [
    rule('margins, losses and ISR counts are what Kafka says', withinS, (truth) => !silentOne(truth)),
    rule('margins, losses and ISR counts are right beside a silent broker', Math.max(HUNG_S, withinS), (truth) =>
      silentOne(truth),
    ),
  ]
}

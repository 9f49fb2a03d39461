/** Conditions on the truth alone; waits use them, so a wrong exporter cannot bend a scenario. */
import type { Metrics } from './metrics.ts'
import type { Condition, Moment } from './moment.ts'
import { agreedView, answers, believed, type Truth } from './truth.ts'
import { partitionKey, sameSet, type BrokerView } from './view.ts'

function onAgreedView(name: string, holds: (view: BrokerView, truth: Truth) => boolean): Condition {
  return {
    name,
    holds: ({ truth }) => {
      const view = agreedView(truth)
      return view !== undefined && holds(view, truth)
    },
  }
}

/** Every broker answers, and all say: all registered, every partition led by its first replica or not, every ISR full. */
export const healthy = onAgreedView('every broker registered, every ISR full', (view, truth) => {
  const full = [...view.partitions.values()].every((p) => p.leader !== -1 && sameSet(p.isr, p.replicas))
  return full && [...truth.addresses.keys()].every((id) => view.registered.has(id) && answers(truth, id))
})

export function answering(broker: number): Condition {
  return { name: `broker ${broker} answers`, holds: ({ truth }) => answers(truth, broker) }
}

export function silent(broker: number): Condition {
  return { name: `broker ${broker} is silent`, holds: ({ truth }) => !truth.views.has(broker) }
}

/** Every believed broker agrees that none of the partitions is led by it. */
export function leadsNothing(name: string): Condition {
  return {
    name: `Kafka names broker ${name} no more`,
    holds: ({ truth, names }) => {
      const broker = Number(names.get(name.replace('$', '')) ?? name)
      const views = believed(truth)
      const free = (view: BrokerView): boolean => [...view.partitions.values()].every((p) => p.leader !== broker)
      return views.length > 0 && views.every((view) => view.partitions.size > 0 && free(view))
    },
  }
}

/** Every believed broker has that id out of the cluster metadata. */
export function unregistered(...brokers: readonly number[]): Condition {
  return {
    name: `Kafka has no broker ${brokers.join(', ')}`,
    holds: ({ truth }) => {
      const views = believed(truth)
      return views.length > 0 && views.every((view) => brokers.every((id) => !view.registered.has(id)))
    },
  }
}

/** At least one believed broker names that leader for it: -1 for none. */
export function named(partition: string, leader: number): Condition {
  return {
    name: `Kafka names ${leader === -1 ? 'no leader' : `leader ${leader}`} for ${partition}`,
    holds: ({ truth }) => truth.named.get(partition)?.leader === leader,
  }
}

export function topicSeen(topic: string, partitions: number): Condition {
  return onAgreedView(`every broker has ${topic} with ${partitions} partitions`, (view) => {
    const found = [...view.partitions.values()].filter((p) => p.topic === topic)
    return found.length === partitions && found.every((p) => p.leader !== -1)
  })
}

/** The majority has a controller of its own, other than the broker that was split off. */
export const majorityController: Condition = {
  name: 'the majority names a controller of its own',
  holds: ({ truth }) => {
    const views = believed(truth)
    const own = views.filter(({ controller = -1 }) => controller !== -1 && !truth.zombies.has(controller))
    return views.length > 0 && own.length === views.length
  },
}

export function topicGone(topic: string): Condition {
  return onAgreedView(`no broker has ${topic}`, (view) => !view.topics.has(topic))
}

/** Seconds since an act began: for states that must last. */
export function elapsed(act: string, seconds: number): Condition {
  return {
    name: `${seconds} s since ${act}`,
    holds: ({ at, acts }) => at - (acts.get(act)?.startedAt ?? Infinity) >= seconds * 1000,
  }
}

/** What Kafka can have back with the brokers that are there: no partition waits for a replica whose broker answers. */
export const caughtUp = onAgreedView('every ISR has all brokers that answer', (view, truth) =>
  [...view.partitions.values()].every(
    ({ leader, isr, replicas }) => leader === -1 || replicas.every((id) => isr.includes(id) || !answers(truth, id)),
  ),
)

/** Every broker has that topic's partitions with these replicas, all of them in sync: a reassignment has ended. */
export function movedTo(topic: string, replicas: readonly (readonly number[])[]): Condition {
  return onAgreedView(`the replicas of ${topic} are ${replicas.map((ids) => ids.join()).join(' and ')}`, (view) =>
    replicas.every((ids, partition) => {
      const said = view.partitions.get(partitionKey(topic, partition))
      return said?.replicas.join() === ids.join() && sameSet(said.isr, ids)
    }),
  )
}

/** Somebody names more replicas of it than it had: a reassignment has begun. */
export function replicasGrow(topic: string, from: number): Condition {
  return {
    name: `${topic} is given further replicas`,
    holds: ({ truth }) =>
      believed(truth).some((view) =>
        [...view.partitions.values()].some((said) => said.topic === topic && said.replicas.length > from),
      ),
  }
}

/** Metadata answers within the samplers' deadline, from every broker that runs. */
export function neverSilent(act: string): Condition {
  const since = ({ acts, silences }: Moment): Moment['silences'] =>
    silences.filter(({ at }) => at >= (acts.get(act)?.startedAt ?? Infinity))
  return {
    name: `every running broker answers every 200 ms since ${act}, within a second`,
    holds: (moment) => moment.acts.has(act) && since(moment).length === 0,
    detail: (moment) =>
      since(moment)
        .map(({ broker, at }) => `broker ${broker} +${(at / 1000).toFixed(1)} s`)
        .join(', '),
  }
}

/** Of one API of one source, as the exporter counts them itself. */
export function fewRequests(act: string, labels: { source: string; api: string }, most: number): Condition {
  const sent = ({ metrics, acts }: Moment): number => {
    const total = (at: Metrics | undefined): number =>
      (at?.all('kafka_ha_requests_total', labels) ?? []).reduce((sum, { value }) => sum + value, 0)
    return total(metrics) - total(acts.get(act)?.metrics)
  }
  return {
    name: `at most ${most} requests ${labels.api} since ${act}`,
    // Without an exporter nobody asks.
    holds: (moment) => sent(moment) <= most,
    detail: (moment) => `${sent(moment)}`,
  }
}

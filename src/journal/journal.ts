import { addressText } from '../model/address.ts'
import type { TargetState } from '../model/liveness.ts'
import type { SourceStatus } from '../source-status.ts'
import type { State } from '../store.ts'
import type { Access } from '../verdicts/access.ts'
import type { Entry } from './entry.ts'
import { EnsembleJournal } from './ensemble.ts'
import { LogsJournal } from './logs.ts'
import { QuorumJournal } from './quorum.ts'
import { SessionJournal } from './sessions.ts'

const none = { leaderless: 0, unreachable_leader: 0 }

/** What a user lacks, as an administrator would grant it. */
const permissions = {
  hiddenTopics: 'Describe on topics: some are hidden',
  topicConfigs: 'DescribeConfigs on topics: min.insync.replicas is not known',
  brokerConfigs: 'DescribeConfigs on the cluster: settings of brokers are not known',
  reassignments: 'Describe on the cluster: reassignments are not known',
} as const satisfies Record<keyof Access, string>

/**
 * What is worth a line between two states: changes only, so that a fault that lasts says so once. What a state may not know
 * is compared with what was told last, so that neither a change nor a recovery is lost in between.
 */
export class Journal {
  #unavailable = none
  #controller: number | undefined
  #awaited = ''
  readonly #refused = new Set<string>()
  readonly #ensemble = new EnsembleJournal()
  readonly #quorum = new QuorumJournal()
  readonly #sessions = new SessionJournal()
  readonly #logs = new LogsJournal()

  entries(before: State, after: State): readonly Entry[] {
    return [
      ...reachEntries(before, after),
      ...this.#partitionEntries(after),
      ...this.#controllerEntries(after),
      ...this.#ensemble.entries(after),
      ...this.#quorum.entries(after),
      ...this.#awaitedEntries(after),
      ...this.#accessEntries(after),
      ...uncleanEntries(before, after),
      ...this.#sessions.entries(before, after),
      ...this.#logs.entries(before, after),
      ...targetEntries(before, after),
      ...sourceEntries(before, after),
    ]
  }

  #partitionEntries(state: State): readonly Entry[] {
    const counts = unavailable(state)
    if (counts === undefined || JSON.stringify(counts) === JSON.stringify(this.#unavailable)) return []
    this.#unavailable = counts
    const some = counts.leaderless + counts.unreachable_leader > 0
    if (!some) return [entry('info', 'every partition has a leader that answers', { ...counts })]
    return [entry('warn', 'partitions are unavailable', { ...counts })]
  }

  #controllerEntries({ judgement, history }: State): readonly Entry[] {
    // KRaft's is the leader of its quorum, which has lines of its own.
    const id = judgement.reachable && history.coordinator !== 'kraft' ? judgement.controller?.id : undefined
    if (id === undefined || id === this.#controller) return []
    this.#controller = id
    return [id < 0 ? entry('warn', 'no controller is named', { id }) : entry('info', 'controller', { id })]
  }

  #awaitedEntries({ judgement: { awaited, brokers } }: State): readonly Entry[] {
    if (awaited === undefined) return []
    // One that is up is about to lead.
    const missing = [...awaited].filter(([id]) => brokers.get(id)?.state !== 'up')
    const text = missing.map(([id, count]) => `broker ${id}: ${count}`).join(', ')
    if (text === this.#awaited) return []
    this.#awaited = text
    return text === '' ? [] : [entry('warn', 'leaderless partitions wait for their last replica', { partitions: text })]
  }

  #accessEntries({ judgement: { access } }: State): readonly Entry[] {
    return (Object.keys(permissions) as (keyof Access)[]).flatMap((name) => {
      const count = access[name]
      if (count === undefined || count > 0 === this.#refused.has(name)) return []
      if (count > 0) this.#refused.add(name)
      else this.#refused.delete(name)
      const fields = { permission: permissions[name] }
      return [count > 0 ? entry('warn', 'Kafka refuses', fields) : entry('info', 'Kafka refuses no more', fields)]
    })
  }
}

/** Acknowledged records may be lost: the one change of leader that is news by itself. */
function uncleanEntries(before: State, after: State): readonly Entry[] {
  const [was, is] = [before, after].map(({ history }) => history.movements.leaderChanges.unclean)
  const partitions = (is ?? 0) - (was ?? 0)
  return partitions > 0 ? [entry('warn', 'unclean leader election: records may be lost', { partitions })] : []
}

function reachEntries(before: State, after: State): readonly Entry[] {
  const [was, is] = [before.judgement.reachable, after.judgement.reachable]
  if (is && !was) return [entry('info', 'the cluster answers', clusterFields(after))]
  return was && !is ? [entry('warn', 'no broker answers', {})] : []
}

function unavailable({ judgement }: State): typeof none | undefined {
  const { health } = judgement
  if (health === undefined || health.unjudged > 0) return undefined
  return { leaderless: health.leaderless, unreachable_leader: health.unreachableLeader }
}

function clusterFields({ history }: State): Entry['fields'] {
  const answering = [...(history.liveness?.targets.values() ?? [])].find((state) => state.up)
  return answering?.up === true ? { cluster_id: answering.view.clusterId ?? '' } : {}
}

function targetEntries(before: State, after: State): readonly Entry[] {
  const known = before.history.liveness?.targets
  const names = new Map<string, number>()
  for (const [id, { address }] of after.view.roster) if (address !== undefined) names.set(addressText(address), id)
  return [...(after.history.liveness?.targets ?? [])].flatMap(([address, state]) => {
    const was = known?.get(address)
    if (was !== undefined && describe(was) === describe(state)) return []
    const id = names.get(address)
    const fields = id === undefined ? { address } : { address, broker: id }
    if (state.up) return [entry('info', 'broker answers', fields)]
    const { reason, detail } = state.failure
    return [entry('warn', 'broker does not answer', { ...fields, reason, detail })]
  })
}

function describe(state: TargetState): string {
  return state.up ? 'up' : state.failure.reason
}

/** A single look that brings nothing is no news. */
const failuresToTell = 2

function sourceEntries(before: State, after: State): readonly Entry[] {
  return [...after.sources.values()].flatMap((source) => {
    const { name, failures, failure } = source
    const was = before.sources.get(name)
    const fields = { source: name, ...(failure && { detail: failure.detail }) }
    if (was !== undefined && isOut(was) && failures === 0) return [entry('info', 'source works again', fields)]
    if (!isOut(source) || (was !== undefined && isOut(was))) return []
    return [entry('warn', 'source brings nothing', fields)]
  })
}

/** What never brought anything and does not fail either is at its start: offsets wait for a topology. */
function isOut({ failures, failure, lastSuccess }: SourceStatus): boolean {
  return failures >= failuresToTell && (failure !== undefined || lastSuccess !== undefined)
}

function entry(level: Entry['level'], message: string, fields: Entry['fields']): Entry {
  return { level, message, fields }
}

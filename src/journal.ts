import { addressText } from './model/address.ts'
import type { TargetState } from './model/liveness.ts'
import type { State } from './store.ts'

/** One line of the exporter's own log. */
export interface Entry {
  readonly level: 'info' | 'warn'
  readonly message: string
  readonly fields: Readonly<Record<string, string | number>>
}

/** What is worth a line between two states: changes only, so that a fault that lasts says so once. */
export function entries(before: State, after: State): readonly Entry[] {
  return [...clusterEntries(before, after), ...targetEntries(before, after), ...sourceEntries(before, after)]
}

function clusterEntries(before: State, after: State): readonly Entry[] {
  const found: Entry[] = []
  const [was, is] = [before.judgement, after.judgement]
  if (is.reachable && !was.reachable) found.push(entry('info', 'the cluster answers', clusterFields(after)))
  if (was.reachable && !is.reachable) found.push(entry('warn', 'no broker answers', {}))
  const counts = unavailable(after)
  if (counts !== undefined && JSON.stringify(counts) !== JSON.stringify(unavailable(before) ?? none)) {
    const some = counts.leaderless + counts.unreachable_leader > 0
    found.push(
      entry(some ? 'warn' : 'info', some ? 'partitions are unavailable' : 'every partition has a leader that answers', {
        ...counts,
      }),
    )
  }
  const controller = is.reachable ? is.controller?.id : undefined
  if (controller !== undefined && controller !== was.controller?.id) {
    found.push(
      entry(controller < 0 ? 'warn' : 'info', controller < 0 ? 'no controller is named' : 'controller', {
        id: controller,
      }),
    )
  }
  return found
}

const none = { leaderless: 0, unreachable_leader: 0 }

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

/** A single look that brings nothing is no news: at the start, offsets wait for a topology. */
const failuresToTell = 2

function sourceEntries(before: State, after: State): readonly Entry[] {
  return [...after.sources.values()].flatMap(({ name, failures, failure }) => {
    const told = (before.sources.get(name)?.failures ?? 0) >= failuresToTell
    if (told === failures >= failuresToTell) return []
    const fields = { source: name, ...(failure && { detail: failure.detail }) }
    return told ? [entry('info', 'source works again', fields)] : [entry('warn', 'source brings nothing', fields)]
  })
}

function entry(level: Entry['level'], message: string, fields: Entry['fields']): Entry {
  return { level, message, fields }
}

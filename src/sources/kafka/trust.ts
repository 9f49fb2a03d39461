import { sameView, type Liveness, type TargetState } from '../../model/liveness.ts'
import { mapRows, sameLayout, type Layout, type Topology } from '../../model/topology.ts'

/** A broker just back may still believe what was true when it went, or know nothing yet. */
const distrustMs = 30_000

type Candidates = ReadonlyMap<string, unknown>

/** Whether one broker's word is not enough: they do not tell the same story, or one of them is just back. */
export function probesDiffer(liveness: Liveness, candidates: Candidates, now: number): boolean {
  const answering = answeringOf(liveness, candidates)
  const first = answering[0]
  return answering.some((state) => (first !== undefined && !sameView(state.view, first.view)) || isJustBack(state, now))
}

/**
 * After a total outage the first brokers that are back know nothing, or not all of it yet: what they leave out has not been
 * deleted. Any broker that was there all the time knows better.
 */
export function isCredible(
  { clusterId, partitions }: Topology,
  last: Topology | undefined,
  candidates: Candidates,
  liveness: Liveness | undefined,
  now: number,
): boolean {
  if (last === undefined || liveness === undefined || last.clusterId !== clusterId) return true
  const answering = answeringOf(liveness, candidates)
  const allJustBack = answering.length === candidates.size && answering.every((state) => isJustBack(state, now))
  return !allJustBack || !lacksPartitions(partitions.layout, last.partitions.layout)
}

function lacksPartitions(now: Layout, before: Layout): boolean {
  return !sameLayout(before, now) && mapRows(now, before).includes(-1)
}

function answeringOf(liveness: Liveness, candidates: Candidates): readonly (TargetState & { up: true })[] {
  return [...candidates.keys()].flatMap((text) => {
    const state = liveness.targets.get(text)
    return state?.up === true ? [state] : []
  })
}

function isJustBack({ returnedAt }: TargetState & { up: true }, now: number): boolean {
  return returnedAt !== undefined && now - returnedAt < distrustMs
}

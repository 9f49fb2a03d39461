import type { KeptEvent, LogRecord } from '../../model/log-facts.ts'
import { proofOf } from './actors.ts'
import type { Away } from './away.ts'
import { electionMs, type Serving } from './serving.ts'
import { between } from './in-time.ts'
import type { Proof, QuorumGap } from './types.ts'

interface Change {
  readonly at: number
  readonly member: number
  readonly serves: boolean
  readonly proof: Proof | undefined
}

/** What a leader writes that has lost the majority: proof enough, without any other member's log. */
const provesLoss = (event: KeptEvent): boolean =>
  event.event === 'kraft_leader_no_quorum' ||
  (event.event === 'zk_leader_shutdown' && /not sufficient|waiting for a quorum/i.test(event.fields.reason ?? ''))

/**
 * The times in which no member led or followed, as far as their logs go. One member's log alone cannot tell whether the
 * others had a leader: `seenBy` says whose view it is.
 */
export function quorumGapsOf(record: LogRecord, serving: Serving, aways: readonly Away[]): QuorumGap[] {
  const system = record.files.some(({ roles }) => roles.includes('kraft')) ? 'kraft' : 'zookeeper'
  const seenBy = serving.members.length === 1 ? serving.members[0] : undefined
  const changes: Change[] = []
  for (const member of serving.members) {
    for (const { at, serves, event } of serving.stretches(member)) {
      // A member's own start is no view of the others.
      if (seenBy === undefined || serves !== undefined) {
        changes.push({ at, member, serves: serves === true, proof: proofOf(event) })
      }
    }
  }
  for (const { absence, from, cause } of seenBy === undefined ? aways : []) {
    const { id, role } = absence.actor
    if (id === undefined || (role !== 'zookeeper' && role !== 'node')) continue
    // Whoever ran on says itself that it has no leader, unless it is the leader that is cut off and slow to know.
    if (cause.how === 'cut' && !serving.isolated(id, from)) continue
    changes.push({ at: from, member: id, serves: false, proof: undefined })
  }
  changes.sort((a, b) => a.at - b.at)
  const losses = record.events.filter(provesLoss)
  const lossLines = new Set(losses.map(({ file, line }) => `${line} ${file}`))
  const up = new Set<number>()
  const gaps: QuorumGap[] = []
  let from: number | undefined
  let proof: Proof[] = []
  const close = (until: number | undefined): void => {
    if (from === undefined) return
    const start = from
    const [proven] = between(losses, start - electionMs, until ?? Infinity)
    const isLong = until === undefined || until - start > electionMs
    const kind = isLong ? 'lost' : 'election'
    if (seenBy === undefined || (isLong && (seenBy >= 0 || proven !== undefined))) {
      gaps.push({
        system,
        kind,
        seenBy: seenBy !== undefined && seenBy < 0 ? undefined : seenBy,
        from: start,
        until,
        proof: [...(proven ? [proofOf(proven)] : []), ...proof],
      })
    }
    from = undefined
    proof = []
  }
  for (const change of changes) {
    const hadAny = up.size > 0
    if (change.serves) up.add(change.member)
    else up.delete(change.member)
    const isProof = change.proof !== undefined && lossLines.has(`${change.proof.line} ${change.proof.file}`)
    if (up.size === 0 && from === undefined && (hadAny || isProof)) {
      from = change.at
      proof = change.proof === undefined ? [] : [change.proof]
    } else if (from !== undefined && up.size > 0) {
      if (change.proof !== undefined) proof.push(change.proof)
      close(change.at)
    }
  }
  close(undefined)
  return joined(gaps)
}

/** A new leader that is lost again at once was none. */
const stableMs = 2000

function joined(gaps: readonly QuorumGap[]): QuorumGap[] {
  const result: QuorumGap[] = []
  for (const gap of gaps) {
    const last = result.at(-1)
    if (last?.until === undefined || gap.from - last.until > stableMs) result.push(gap)
    else {
      const kind = last.kind === 'lost' || gap.kind === 'lost' ? 'lost' : 'election'
      result[result.length - 1] = {
        ...last,
        kind,
        until: gap.until,
        proof: [...last.proof.slice(0, 3), ...gap.proof.slice(-1)],
      }
    }
  }
  return result
}

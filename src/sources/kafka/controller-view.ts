import type { QuorumAnswer } from '../../model/kraft-quorum.ts'
import { success, type Result } from '../../model/result.ts'
import type { Connection } from './connection.ts'
import { describeClusterCall } from './describe-cluster.ts'
import { describeQuorumCall } from './describe-quorum.ts'
import { readAnswer } from './quorum-answer.ts'

/** What an address that was given as a controller's answers. */
export interface ControllerView {
  readonly answer: QuorumAnswer
  /** Kafka 3.7 and newer. */
  readonly clusterId: string | undefined
}

/** MISMATCHED_ENDPOINT_TYPE: it is no controller's listener that was asked for controllers. */
const mismatchedEndpoint = 114

function refused(detail: string): Result<ControllerView> {
  return success({ answer: { kind: 'refused', detail }, clusterId: undefined })
}

/** Asks controllers for the quorum; once a connection also whose controller, and whether a controller, it is. */
export class ControllerAsker {
  readonly #identities = new WeakMap<Connection, { readonly error: number; readonly clusterId: string }>()

  async ask(connection: Connection, deadlineMs: number): Promise<Result<ControllerView>> {
    const until = performance.now() + deadlineMs
    const call = describeQuorumCall(connection.versions)
    if (call === undefined) return refused('it offers no DescribeQuorum: no KRaft controller')
    const identity = this.#identities.get(connection) ?? (await this.#identify(connection, deadlineMs))
    // A broker would forward the question, and hang while there is no leader.
    if (identity?.error === mismatchedEndpoint) return refused("a broker's listener, not a controller's")
    const described = await connection.request(call, Math.max(1, until - performance.now()))
    if (!described.ok) return described
    const answer = readAnswer(described.value)
    const clusterId = identity?.error === 0 ? identity.clusterId : undefined
    return answer.ok ? success({ answer: answer.value, clusterId }) : answer
  }

  async #identify(connection: Connection, deadlineMs: number) {
    const call = describeClusterCall(connection.versions, 'controllers', 1)
    const described = call && (await connection.request(call, deadlineMs))
    if (described?.ok !== true) return undefined
    this.#identities.set(connection, described.value)
    return described.value
  }
}

/** Who leads whom: offsets and times move all the time. */
export function sameControllerView(a: ControllerView, b: ControllerView): boolean {
  const leader = ({ answer }: ControllerView): string =>
    answer.kind === 'described' ? `${answer.quorum.leaderId} ${answer.quorum.leaderEpoch}` : ''
  return a.answer.kind === b.answer.kind && a.clusterId === b.clusterId && leader(a) === leader(b)
}

import type { QuorumAnswer } from '../../model/kraft-quorum.ts'
import { failed, success, type Failure, type FailureReason, type Result } from '../../model/result.ts'
import { errorCodes } from './api.ts'
import type { DescribedQuorum } from './describe-quorum.ts'

/** Of whoever answers with these nothing more can be said than that it does not lead, or knows of nobody who does. */
const leadsNot: ReadonlySet<number> = new Set([
  errorCodes.leaderNotAvailable,
  errorCodes.notLeaderOrFollower,
  errorCodes.notController,
])

/** What a reply to DescribeQuorum says. A broker that gave up waiting for the controllers has not answered. */
export function readAnswer({ error, quorum }: DescribedQuorum): Result<QuorumAnswer> {
  if (error === errorCodes.requestTimedOut) return failed('hung', 'the broker itself got no answer to DescribeQuorum')
  if (leadsNot.has(error) || (quorum !== undefined && quorum.leaderId < 0)) return success({ kind: 'not_leader' })
  if (quorum !== undefined) return success({ kind: 'described', quorum })
  const detail = error === errorCodes.clusterAuthorizationFailed ? 'needs Describe on the cluster' : `error ${error}`
  return success({ kind: 'refused', detail: `DescribeQuorum: ${detail}` })
}

/** Somebody is there, and will not have us: that says nothing of the quorum. */
const speaks: ReadonlySet<FailureReason> = new Set(['auth', 'tls', 'protocol'])

/** `since`: `mono` ms. */
export function answerOfFailure({ reason, detail }: Failure, since: number): QuorumAnswer {
  return speaks.has(reason) ? { kind: 'refused', detail } : { kind: 'silent', reason, since }
}

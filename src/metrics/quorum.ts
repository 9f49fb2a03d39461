import type { State } from '../store.ts'
import type { QuorumKind, QuorumVerdict } from '../verdicts/quorum.ts'
import { aggregation, counter, gauge, labelText, type Family, type Row } from './family.ts'

/** What the coordinators can still do; rows only for those that are watched. docs/quorum.md says how each is judged. */
export const quorumFamilies: readonly Family[] = [
  perKind(
    'kafka_ha_quorum_configured_voters',
    `Voting members of the quorum, as its own configuration lists them, or else as given by flags. ${aggregation.kafkaSays}`,
    ({ configuredVoters }) => configuredVoters,
  ),
  perKind(
    'kafka_ha_quorum_majority',
    `Voters that the quorum needs: half of the configured ones, rounded down, and one. ${aggregation.kafkaSays}`,
    ({ majority }) => majority,
  ),
  perKind(
    'kafka_ha_quorum_serving_voters',
    `Voters that take part now: the leader and those in sync with it (KRaft: that have just fetched from it). ${aggregation.available}`,
    ({ servingVoters }) => servingVoters,
  ),
  perKind(
    'kafka_ha_quorum_failure_margin',
    `Voters that may fail before the quorum is lost; negative: it is lost. ${aggregation.available}`,
    ({ servingVoters, majority }) =>
      servingVoters === undefined || majority === undefined ? undefined : servingVoters - majority,
  ),
  perKind(
    'kafka_ha_quorum_available',
    `1 if somebody leads a majority; 0 on evidence only: too few voters answer, or a majority answers and none leads for 5 s. Without it Kafka serves on, and nothing fails over. ${aggregation.available}`,
    ({ available }) => (available === undefined ? undefined : Number(available)),
  ),
  perKind(
    'kafka_ha_quorum_leader_id',
    'Member id of the leader, -1 if none leads. Never aggregate ids.',
    ({ leaderId }) => leaderId,
  ),
  perKind('kafka_ha_quorum_epoch', `Epoch of the leader. ${aggregation.kafkaSays}`, ({ epoch }) => epoch),
  counter(
    'kafka_ha_quorum_elections_total',
    `Elections seen between looks: another leader, or another epoch. ${aggregation.kafkaSays}`,
    ['kind'],
    (state) => watched(state).map((kind) => ({ labels: labelText({ kind }), value: elections(state, kind) })),
  ),
  gauge(
    'kafka_ha_quorum_member_lag',
    `How far a member is behind the leader: KRaft: log entries, ZooKeeper: transactions, of the same epoch only. ${aggregation.kafkaSays}`,
    ['kind', 'member'],
    function* ({ judgement }): Iterable<Row> {
      for (const [kind, { lag }] of judgement.quorums) {
        for (const [member, value] of lag) yield { labels: labelText({ kind, member }), value }
      }
    },
  ),
]

function perKind(name: string, help: string, value: (verdict: QuorumVerdict) => number | undefined): Family {
  return gauge(name, help, ['kind'], function* ({ judgement }: State) {
    for (const [kind, verdict] of judgement.quorums) {
      const known = value(verdict)
      if (known !== undefined) yield { labels: labelText({ kind }), value: known }
    }
  })
}

/** Counters begin with the process, where it is known by then what is watched. */
function watched({ sources, history, judgement }: State): readonly QuorumKind[] {
  const isKraft = judgement.quorums.has('kraft') || (history.mode === 'kraft' && sources.has('quorum'))
  return [...(sources.has('zookeeper') ? (['zookeeper'] as const) : []), ...(isKraft ? (['kraft'] as const) : [])]
}

function elections({ history }: State, kind: QuorumKind): number {
  return history.quorums[kind]?.elections ?? 0
}

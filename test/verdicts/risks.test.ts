import { describe, expect, it } from 'vitest'
import type { Configs } from '../../src/model/configs.ts'
import { judgeRisks } from '../../src/verdicts/risks.ts'
import { addressOf, configs, topology, type TopologySpec } from '../support/facts.ts'

function risks(spec: TopologySpec, known?: Configs): string[] {
  const { brokers, partitions } = topology(spec)
  return judgeRisks(new Map(brokers.map(({ id, rack }) => [id, rack])), partitions, known).map(
    ({ scope, name, risk }) => [scope, name, risk].join(' '),
  )
}

const racked = (...racks: readonly (string | undefined)[]) =>
  racks.map((rack, i) => ({ id: i + 1, ...addressOf(i + 1), rack }))
const rf = (...replicas: readonly number[]) => [{ leader: replicas[0] ?? 1, replicas }]
const ofBroker = (values: Readonly<Record<string, string>>): Configs => configs({}, {}, { 7: values })

describe('what makes the next failure worse', () => {
  it.each<[why: string, TopologySpec, Configs | undefined, string[]]>([
    ['nothing known, nothing said', { topics: { t: rf(1, 2, 3) } }, undefined, []],
    ['two replicas, one of them needed', { topics: { t: rf(1, 2) } }, configs({ t: 1 }), []],
    ['one replica', { topics: { t: rf(1) } }, configs({ t: 1 }), ['topic t rf_one']],
    [
      'one partition of several has one',
      { topics: { t: [...rf(1, 2), ...rf(2)] } },
      configs({ t: 1 }),
      ['topic t rf_one'],
    ],
    [
      'an internal topic with one',
      { topics: { __consumer_offsets: rf(1) } },
      undefined,
      ['topic __consumer_offsets internal_topic_rf_one'],
    ],
    ['every replica is needed', { topics: { t: rf(1, 2) } }, configs({ t: 2 }), ['topic t min_isr_equals_rf']],
    ['more than there are', { topics: { t: rf(1, 2) } }, configs({ t: 3 }), ['topic t min_isr_equals_rf']],
    ['a topic without partitions', { topics: { t: [] } }, configs({ t: 1 }), []],
    ['every broker in one rack', { brokers: racked('a', 'a') }, undefined, ['cluster  single_rack']],
    ['one broker alone', { brokers: racked('a') }, undefined, []],
    ['no racks at all say nothing', { brokers: racked(undefined, undefined) }, undefined, []],
    ['some brokers have none', { brokers: racked('a', undefined) }, undefined, ['cluster  rack_missing']],
    [
      'replicas in one of two racks',
      { brokers: racked('a', 'a', 'b'), topics: { t: [...rf(1, 3), ...rf(2, 1)] } },
      undefined,
      ['topic t single_rack'],
    ],
    ['replicas in both', { brokers: racked('a', 'a', 'b'), topics: { t: rf(1, 3) } }, undefined, []],
    [
      'one replica is in one rack anyway',
      { brokers: racked('a', 'b'), topics: { t: rf(1) } },
      undefined,
      ['topic t rf_one'],
    ],
    ['a replica whose broker is gone', { brokers: racked('a', 'b'), topics: { t: rf(1, 9) } }, undefined, []],
    [
      "the user's rig",
      {},
      ofBroker({
        'offsets.topic.replication.factor': '1',
        'transaction.state.log.replication.factor': '1',
        'transaction.state.log.min.isr': '1',
      }),
      ['broker 7 offsets_topic_rf_one', 'broker 7 transaction_log_rf_one', 'broker 7 transaction_log_min_isr_one'],
    ],
    [
      'a broker as it should be',
      {},
      ofBroker({
        'offsets.topic.replication.factor': '3',
        'unclean.leader.election.enable': 'false',
        'controlled.shutdown.enable': 'true',
      }),
      [],
    ],
    [
      'broker defaults',
      {},
      ofBroker({
        'default.replication.factor': '1',
        'unclean.leader.election.enable': 'true',
        'controlled.shutdown.enable': 'false',
      }),
      ['broker 7 default_rf_one', 'broker 7 unclean_election_enabled', 'broker 7 controlled_shutdown_disabled'],
    ],
  ])('%s', (_, spec, known, expected) => {
    expect(risks(spec, known)).toEqual(expected)
  })

  it('unclean elections allowed for a topic', () => {
    const topics = new Map([['t', { minInsyncReplicas: 1, uncleanElection: true, observedAt: 0 }]])
    expect(risks({ topics: { t: rf(1, 2) } }, configs({}, { topics }))).toEqual(['topic t unclean_election_enabled'])
  })
})

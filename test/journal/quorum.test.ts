import { describe, expect, it } from 'vitest'
import { QuorumJournal } from '../../src/journal/quorum.ts'
import type { Ensemble } from '../../src/model/ensemble.ts'
import { dead, ensemble, follows, idle, leads, membership } from '../support/coordinators.ts'
import { down, liveness, topology, up } from '../support/facts.ts'
import { TestStore } from '../support/state.ts'

const someAnswer = liveness({ 1: up() })

/** The lines of each look, one second apart. */
function told(...looks: readonly Ensemble[]): readonly (readonly string[])[] {
  const store = new TestStore()
  const journal = new QuorumJournal()
  return looks.map((look) => {
    const { state } = store.tick(1_000).brings('liveness', someAnswer).brings('zookeeper', look)
    return journal.entries(state).map(({ level, message, fields }) => {
      const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`)
      return `${level}: ${message}${pairs.join('')}`
    })
  })
}

const well = ensemble(leads(2), follows(), follows())
const marginal = ensemble(leads(1), follows(), dead())
const lost = ensemble(idle, dead(), dead())
const led = 'info: quorum leader kind=zookeeper leader=zk1:2181 epoch=5'
const noMargin =
  'warn: quorum has no margin: with one more voter it is lost kind=zookeeper serving=2 voters=3 majority=2'
const isLost = 'warn: quorum lost: Kafka serves on, nothing fails over kind=zookeeper serving=0 voters=3 majority=2'

describe('the journal of a quorum', () => {
  it.each<[why: string, looks: Ensemble[], lines: string[][]]>([
    ['who leads, once', [well, well, well], [[led], [], []]],
    [
      'one server after another dies, and all come back',
      [well, marginal, marginal, lost, lost, marginal, well],
      [
        [led],
        [noMargin],
        [],
        [isLost],
        [],
        ['info: quorum is back kind=zookeeper serving=2 voters=3 majority=2', noMargin],
        ['info: quorum has a margin again kind=zookeeper serving=3 voters=3 majority=2'],
      ],
    ],
    ['a start in the middle of an outage', [lost], [[isLost]]],
    [
      'an election that is over soon is the new leader only',
      [well, ensemble(idle, idle, dead()), ensemble(follows(), leads(2, 6), follows())],
      [[led], [], ['info: quorum leader kind=zookeeper leader=zk2:2181 epoch=6']],
    ],
    ['a single server has no margin to lose', [ensemble(leads(0))], [[led]]],
  ])('%s', (_, looks, lines) => {
    expect(told(...looks)).toEqual(lines)
  })

  it('nor does Kafka serve on where no broker answers', () => {
    const store = new TestStore().brings('liveness', liveness({ 1: down() })).brings('zookeeper', lost)
    expect(new QuorumJournal().entries(store.state)[0]?.message).toBe('quorum lost: nothing fails over')
  })

  it('a ZooKeeper that is left behind after a migration: nothing hangs on it', () => {
    const live = up({ kraft: true })
    const store = new TestStore().brings('topology', topology()).brings('liveness', liveness({ 1: live }))
    const [entry] = new QuorumJournal().entries(store.brings('zookeeper', lost).state)
    expect(entry?.message).toBe('quorum lost: Kafka does without it')
  })

  it('members that are told differently, when that has lasted, and when it is over', () => {
    const differs: Ensemble = { ...well, memberships: new Map([['zk1:2181', membership(5)]]) }
    const agrees: Ensemble = { ...well, memberships: new Map([['zk1:2181', membership(3, 0, 1n)]]) }
    const lines = told(differs, differs, differs, agrees).map((each) =>
      each.filter((line) => line.includes('told') || line.includes('agreed')),
    )
    expect(lines).toEqual([
      [],
      ['warn: who belongs to the quorum, or leads it, is told differently facts=2'],
      [],
      ['info: who belongs to the quorum, and leads it, is agreed upon facts=0'],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { controllersTruth, fetching, heard } from '../../testbed/drills/coordinators/controllers.ts'
import { coordinated, quorumsOf } from '../../testbed/drills/coordinators/quorums.ts'
import { parseEligible } from '../../testbed/drills/raw-elr.ts'
import { Answer } from '../../testbed/drills/raw-flexible.ts'
import { parseQuorum, type QuorumWords } from '../../testbed/drills/raw-quorum.ts'
import { TruthKeeper } from '../../testbed/drills/truth-keeper.ts'
import { withEligible } from '../../testbed/drills/view.ts'
import { view } from './support.ts'

const bytes = (...parts: readonly string[]): Answer => new Answer(Buffer.from(parts.join(''), 'hex'))
/** `__cluster_metadata`, partition 0. */
const METADATA = '02135f5f636c75737465725f6d657461646174610200000000'
const voter = (id: string, end: string, fetched: string): string =>
  `000000${id}${end.padStart(16, '0')}${fetched.padStart(16, '0')}${'0'.repeat(16)}00`

describe('the words of a controller', () => {
  it('that leads describe the quorum', () => {
    const voters = `03${voter('01', '10', '3e8')}${voter('02', 'ffffffffffffffff', '0')}`
    const answer = bytes('0000', METADATA, '0000', '00000001', '00000007', '0'.repeat(16), voters, '01', '000000')
    expect(parseQuorum(answer)).toEqual({
      leader: 1,
      epoch: 7,
      voters: [
        { id: 1, logEndOffset: 16, lastFetchMs: 1000 },
        { id: 2, logEndOffset: -1, lastFetchMs: 0 },
      ],
      observers: [],
    })
  })

  it('that does not lead say nothing', () => {
    expect(parseQuorum(bytes('0000', METADATA, '0006', '00000000', '00000000', '0'.repeat(16), '0101000000'))).toBe(
      undefined,
    )
    expect(parseQuorum(bytes('00060100'))).toBe(undefined)
  })

  it('are not guessed at', () => {
    expect(() => parseQuorum(bytes('001f0100'))).toThrow('error 31')
    expect(() => parseQuorum(bytes('0000', METADATA))).toThrow('ends too early')
  })
})

describe('eligible leaders', () => {
  it('are read for each partition, and make part of what a broker says of those without a leader', () => {
    const ids = (...list: readonly number[]): string =>
      `0${list.length + 1}${list.map((id) => `0000000${id}`).join('')}`
    const partition = (index: number, leader: string): string =>
      `00000000000${index}${leader}00000001${ids(3, 2)}${ids()}${ids(3, 2)}${ids()}${ids()}00`
    const topic = `00000274${'0'.repeat(34)}03${partition(0, 'ffffffff')}${partition(1, '00000003')}8000000000`
    const eligible = parseEligible(bytes('00000000', '02', topic, 'ff00'))
    expect([...eligible]).toEqual([
      ['t/0', [3, 2]],
      ['t/1', [3, 2]],
    ])
    const told = withEligible(
      view([
        [-1, [3, 2], []],
        [3, [3, 2]],
      ]),
      eligible,
    )
    expect([...told.partitions.values()].map((said) => said.eligible)).toEqual([[2, 3], undefined])
  })
})

const servers = [1, 2, 3].map((id) => ({ id, host: 'c', port: 9090 + id }))
const words = (leader: number, epoch: number, fetched: readonly number[]): QuorumWords => ({
  leader,
  epoch,
  voters: fetched.map((lastFetchMs, index) => ({ id: index + 1, logEndOffset: 5, lastFetchMs })),
  observers: [],
})

function keeper(): TruthKeeper {
  const units = new Map(servers.map(({ id }) => [`kafka${id}`, id]))
  const brokers = servers.map(({ id }) => ({ id, address: `b:${id}` }))
  return new TruthKeeper(brokers, [], () => 'up', { units, given: true })
}

describe('what a KRaft quorum can do', () => {
  it('is what its leader says: itself and the voters that have fetched within 3 s', () => {
    expect(fetching(words(1, 4, [10_000, 9_800, 6_900]))).toEqual([1, 2])
    const known = keeper()
    known.controllers(heard(controllersTruth(servers), 1, words(1, 4, [10_000, 9_800, 9_600])))
    expect(quorumsOf(known.truth)).toMatchObject([
      { kind: 'kraft', voters: 3, serving: { from: 3, to: 3 }, available: true, leaders: [1], epoch: 4 },
    ])
  })

  it('is nothing once two of three are gone and the third does not lead', () => {
    const known = keeper()
    for (const id of [1, 2]) known.unit('kafka', id, 'stopped')
    known.controllers(heard(controllersTruth(servers), 3, words(3, 4, [10_000, 9_800, 9_600])))
    expect(coordinated(known.truth)).toBe(undefined)
    known.controllers(heard(controllersTruth(servers), 3, 'follows'))
    expect(quorumsOf(known.truth)).toMatchObject([{ serving: { from: 0, to: 0 }, available: false, leaders: [-1] }])
    expect(coordinated(known.truth)).toBe(false)
  })

  it('is not told by a leader of an older epoch', () => {
    const known = keeper()
    const newer = heard(controllersTruth(servers), 2, words(2, 5, [6_000, 10_000, 9_900]))
    known.controllers(heard(newer, 1, words(1, 4, [10_000, 9_800, 9_600])))
    expect(quorumsOf(known.truth)).toMatchObject([{ leaders: [2], epoch: 5, serving: { from: 2, to: 2 } }])
  })
})

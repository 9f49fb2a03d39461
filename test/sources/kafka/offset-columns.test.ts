import { describe, expect, it } from 'vitest'
import type { Offsets } from '../../../src/model/offsets.ts'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { decodeListOffsets, earliest, latest } from '../../../src/sources/kafka/list-offsets.ts'
import { carriedOver, take } from '../../../src/sources/kafka/offset-columns.ts'
import { offsetsQuestions } from '../../../src/sources/kafka/offset-questions.ts'
import { Prng, seeds } from '../../support/prng.ts'
import { listOffsetsBody } from '../../support/replies.ts'
import { offsetsAsked } from '../../support/requests.ts'
import { valueOf } from '../../support/results.ts'
import { layoutOf } from '../../support/views.ts'

type Numbers = Readonly<Record<string, readonly number[]>>

function randomNumbers(random: Prng): Numbers {
  const numbers = (): number[] => random.some([0, 1, 2, 3, 4, 5], random.chance(0.5) ? 1 : 0.6)
  return Object.fromEntries(random.some(['a', 'b', 'c', 'd'], 0.8).map((name) => [name, numbers()]))
}

/** What is known of each partition, by name. */
function byName({ layout, latest, earliest, answeredBy, observedAt }: Offsets): Readonly<Record<string, unknown>> {
  const name = (row: number): string => `${layout.topics[layout.topicOf[row] ?? -1]?.name}-${layout.partition[row]}`
  return Object.fromEntries(
    Array.from(layout.partition, (_, row) => [
      name(row),
      [latest[row], earliest[row], answeredBy[row], observedAt[row]],
    ]),
  )
}

const unknown = [Number.NaN, Number.NaN, -1, -Infinity]

describe('offsets carried over', () => {
  it.each(seeds)('are those of the same partitions, whatever came and went (seed %i)', (seed) => {
    const random = new Prng(seed)
    const before = randomNumbers(random)
    const last = carriedOver(undefined, layoutOf(before))
    for (let row = 0; row < last.latest.length; row++) {
      last.latest[row] = random.below(1_000)
      last.earliest[row] = random.below(10)
      last.answeredBy[row] = random.below(3)
      last.observedAt[row] = random.below(50)
    }
    const told = byName(last)
    const next = carriedOver(last, layoutOf(random.chance(0.3) ? before : randomNumbers(random)))
    const expected = Object.fromEntries(Object.keys(byName(next)).map((name) => [name, told[name] ?? unknown]))
    expect(byName(next)).toEqual(expected)
    next.latest.fill(-5)
    expect(byName(last)).toEqual(told)
  })
})

describe('what a leader tells', () => {
  const layout = layoutOf({ a: [0, 1], b: [0] })
  const told = valueOf(
    decodeListOffsets(
      listOffsetsBody(1, [
        { topic: 'b', partitions: [{ partition: 0, offset: 7n, error: 3 }, { partition: 9, offset: 1n }] }, // prettier-ignore
        { topic: 'nobody asked', partitions: [{ partition: 0, offset: 1n }] },
        { topic: 'a', partitions: [{ partition: 1, offset: 5n, error: 6 }, { partition: 0, offset: 4n }] }, // prettier-ignore
      ]),
      1,
    ),
  )

  it('is taken for the partitions that it leads, whatever else it tells of', () => {
    const columns = carriedOver(undefined, layout)
    const errors = take(columns, 'latest', told, { leader: Int32Array.of(1, 2, 1) }, 1, 33)
    expect(byName(columns)).toEqual({
      'a-0': [4, Number.NaN, 1, 33],
      'a-1': unknown,
      'b-0': [Number.NaN, Number.NaN, 1, 33],
    })
    expect([...errors]).toEqual([3])
  })
})

describe('the questions to the leaders', () => {
  const layout = layoutOf({ a: [0, 1, 2], b: [0] })
  const leader = Int32Array.of(2, 1, -1, 2)
  const offered = new Map([[apiKeys.ListOffsets, { min: 1, max: 5 }]])

  it('ask each for the partitions that it leads', () => {
    const { questions } = offsetsQuestions(undefined, { layout, leader })
    const asked = questions.map((question) => {
      const call = question.call(offered, latest)
      return [question.leader, call && offsetsAsked(call).map(({ topic, partition }) => `${topic}-${partition}`)]
    })
    expect(asked).toEqual([
      [2, ['a-0', 'b-0']],
      [1, ['a-1']],
    ])
  })

  it('are encoded once for each end and version', () => {
    const [question] = offsetsQuestions(undefined, { layout, leader }).questions
    const call = question?.call(offered, latest)
    expect(question?.call(offered, latest)).toBe(call)
    expect(question?.call(offered, earliest)?.body).not.toEqual(call?.body)
    expect(question?.call(new Map([[apiKeys.ListOffsets, { min: 1, max: 4 }]]), latest)?.version).toBe(4)
    expect(question?.call(new Map(), latest)).toBeUndefined()
  })

  it('are the last ones until a leader moves or the layout is another', () => {
    const last = offsetsQuestions(undefined, { layout, leader })
    expect(offsetsQuestions(last, { layout, leader: leader.slice() })).toBe(last)
    expect(offsetsQuestions(last, { layout, leader: Int32Array.of(2, 1, 1, 2) })).not.toBe(last)
    expect(offsetsQuestions(last, { layout: { ...layout }, leader })).not.toBe(last)
  })

  it('are split above 50,000 partitions', () => {
    const many = layoutOf({ t: Array.from({ length: 100_001 }, (_, i) => i) })
    const { questions } = offsetsQuestions(undefined, { layout: many, leader: new Int32Array(100_001).fill(1) })
    const asked = questions.map((question) => question.call(offered, latest)).map((call) => call && offsetsAsked(call))
    expect(asked.map((one) => one?.length)).toEqual([50_000, 50_000, 1])
    expect(asked.flatMap((one) => one ?? []).every(({ partition }, i) => partition === i)).toBe(true)
  })
})

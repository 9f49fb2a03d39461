import { describe, expect, it } from 'vitest'
import type { Reassignment } from '../../src/model/reassignments.ts'
import { mapRows } from '../../src/model/topology.ts'
import { addingReplicas, nothingAdded, presumeAdded, type Adding } from '../../src/verdicts/reassigning.ts'
import { topology, type Said } from '../support/facts.ts'

const of = (said: Readonly<Record<string, readonly Said[]>>) => topology({ topics: said }).partitions
const rows = (adding: Adding) => Object.fromEntries(adding)

describe('what a reassignment adds', () => {
  const partitions = of({
    a: [{ leader: 1, replicas: [1] }],
    b: [
      { leader: 1, replicas: [1, 2] },
      { leader: 1, replicas: [1] },
    ],
  })
  const listed = (...all: readonly Reassignment[]) => all

  it('is what Kafka lists, by row', () => {
    const adding = addingReplicas(partitions, listed({ topic: 'b', partition: 1, adding: [2, 3] }), nothingAdded)
    expect(rows(adding)).toEqual({ 2: [2, 3] })
  })

  it('a partition that the topology does not know is left out', () => {
    const strangers = listed({ topic: 'b', partition: 7, adding: [2] }, { topic: 'z', partition: 0, adding: [2] })
    expect(rows(addingReplicas(partitions, strangers, nothingAdded))).toEqual({})
  })

  it('and what is presumed besides', () => {
    const presumed = new Map([
      [0, [9]],
      [2, [2]],
    ])
    expect(rows(addingReplicas(partitions, listed({ topic: 'b', partition: 1, adding: [2, 3] }), presumed))).toEqual({
      0: [9],
      2: [2, 3],
    })
    expect(rows(addingReplicas(partitions, [], presumed))).toEqual({ 0: [9], 2: [2] })
  })
})

describe('what is presumed to be added', () => {
  const all: Said = { leader: 1, replicas: [1, 2] }
  const grown: Said = { leader: 1, replicas: [3, 1, 2], isr: [1, 2] }
  const next = (before: Adding, was: Said, is: Said) => {
    const [last, now] = [of({ t: [was] }), of({ t: [is] })]
    return presumeAdded(before, last, mapRows(last.layout, now.layout), now)
  }
  const three: Adding = new Map([[0, [3]]])

  it.each<[why: string, before: Adding, was: Said, is: Said, adding: object, isGrown: boolean]>([
    ['nothing, while nothing changes', nothingAdded, all, all, {}, false],
    ['a replica that has just appeared', nothingAdded, all, grown, { 0: [3] }, true],
    ['still, at the next look', three, grown, grown, { 0: [3] }, false],
    ['no more once it is in sync', three, grown, { ...grown, isr: [1, 2, 3] }, {}, false],
    ['no more once it is taken back', three, grown, all, {}, false],
    ['one that was there and fell out of the ISR is not added', nothingAdded, all, { ...all, isr: [1] }, {}, false],
    [
      'one that appears in sync needs no presumption',
      nothingAdded,
      all,
      { leader: 1, replicas: [3, 1, 2], isr: [3, 1, 2] },
      {},
      false,
    ],
    ['a second one', three, grown, { leader: 1, replicas: [4, 3, 1, 2], isr: [1, 2] }, { 0: [4, 3] }, true],
  ])('%s', (_, before, was, is, adding, isGrown) => {
    const { adding: found, grown: more } = next(before, was, is)
    expect({ adding: rows(found), grown: more }).toEqual({ adding, grown: isGrown })
  })

  it('goes with its partition when topics come around it, and a new topic adds nothing', () => {
    const [last, now] = [of({ t: [grown] }), of({ a: [{ leader: 1, replicas: [1, 2], isr: [1] }], t: [grown] })]
    expect(rows(presumeAdded(three, last, mapRows(last.layout, now.layout), now).adding)).toEqual({ 1: [3] })
  })
})

import { describe, expect, it } from 'vitest'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { decodeListReassignments, listReassignmentsCall } from '../../../src/sources/kafka/list-reassignments.ts'
import { listReassignmentsBody, unknownTags } from '../../support/replies.ts'
import { failureOf, valueOf } from '../../support/results.ts'

const listed = [
  { topic: 'a', partition: 3, replicas: [4, 1, 2], adding: [4], removing: [1] },
  { topic: 'b', partition: 0, replicas: [1], adding: [], removing: [] },
]

describe('ListPartitionReassignments', () => {
  it('asks for every topic', () => {
    const call = listReassignmentsCall(new Map([[apiKeys.ListPartitionReassignments, { min: 0, max: 1 }]]), 4_900)
    expect(call).toMatchObject({ version: 0, flexible: true })
    expect(call?.body.toString('hex')).toBe('00001324' + '00' + '00')
  })

  it('is not asked of a broker before Kafka 2.4', () => {
    expect(listReassignmentsCall(new Map(), 1)).toBeUndefined()
  })

  it('gives what is being added', () => {
    expect(valueOf(decodeListReassignments(listReassignmentsBody(listed, 0, unknownTags)))).toEqual({
      error: 0,
      partitions: [
        { topic: 'a', partition: 3, adding: [4] },
        { topic: 'b', partition: 0, adding: [] },
      ],
    })
  })

  it('an error is an answer', () => {
    expect(valueOf(decodeListReassignments(listReassignmentsBody([], 41)))).toEqual({ error: 41, partitions: [] })
  })

  it('cut off anywhere, it is a failure', () => {
    const whole = listReassignmentsBody(listed)
    for (let length = 0; length < whole.length; length++) {
      expect(failureOf(decodeListReassignments(whole.subarray(0, length))).reason).toBe('protocol')
    }
  })
})

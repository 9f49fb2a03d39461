import { describe, expect, it } from 'vitest'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { decodeDescribeConfigs, describeConfigsCall } from '../../../src/sources/kafka/describe-configs.ts'
import { describeConfigsBody, unknownTags } from '../../support/replies.ts'
import { configsAsked } from '../../support/requests.ts'
import { failureOf, valueOf } from '../../support/results.ts'

const versions = [1, 2, 3, 4]
const speaks = (min: number, max: number) => new Map([[apiKeys.DescribeConfigs, { min, max }]])
const resources = [
  { type: 2, name: 'orders', values: { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' } },
  { type: 2, name: 'hidden', error: 29 },
  { type: 4, name: '1', values: { 'ssl.key.password': null, 'replica.lag.time.max.ms': '30000' } },
]

describe('DescribeConfigs', () => {
  it.each(versions)('v%i: what is asked, as a broker reads it', (version) => {
    const call = describeConfigsCall(speaks(0, version), 'topic', ['a', 'b'], ['x', 'y'])
    if (call === undefined) throw new Error('no call')
    expect(call).toMatchObject({ api: 'DescribeConfigs', version, flexible: version >= 4 })
    const asked = configsAsked({ ...call, correlationId: 1, clientId: '' })
    expect(asked).toEqual(['a', 'b'].map((name) => ({ type: 2, name, keys: ['x', 'y'] })))
  })

  it.each(versions)('v%i: values by key, errors by resource, nothing that is secret', (version) => {
    const told = valueOf(decodeDescribeConfigs(describeConfigsBody(version, resources, unknownTags), version))
    expect(told.map(({ name, error, values }) => ({ name, error, values: Object.fromEntries(values) }))).toEqual([
      { name: 'orders', error: 0, values: resources[0]?.values },
      { name: 'hidden', error: 29, values: {} },
      { name: '1', error: 0, values: { 'replica.lag.time.max.ms': '30000' } },
    ])
  })

  it.each(versions)('v%i: cut off anywhere, it is a failure', (version) => {
    const whole = describeConfigsBody(version, resources)
    for (let length = 0; length < whole.length; length++) {
      const { reason } = failureOf(decodeDescribeConfigs(whole.subarray(0, length), version))
      expect([length, reason]).toEqual([length, 'protocol'])
    }
  })

  it('counts beyond the end allocate nothing', () => {
    const huge = Buffer.from('00000000' + '7fffffff', 'hex')
    expect(failureOf(decodeDescribeConfigs(huge, 1)).detail).toContain('count 2147483647 beyond the end')
  })

  it.each([
    [0, 0],
    [5, 6],
  ])('a broker that speaks v%i to v%i is not asked', (min, max) => {
    expect(describeConfigsCall(speaks(min, max), 'broker', ['1'], [])).toBeUndefined()
  })
})

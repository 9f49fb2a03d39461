import { describe, expect, it } from 'vitest'
import { prevailingCluster, sameView, type BrokerView } from '../../src/model/liveness.ts'
import { addressText } from '../../src/model/address.ts'
import { brokerView, down, liveness, up } from '../support/facts.ts'

describe('prevailingCluster', () => {
  it.each([
    ['nobody answers', liveness({ 1: down(), 2: down('hung') }), undefined],
    ['nothing was probed', liveness({}), undefined],
    ['all of one', liveness({ 1: up(), 2: up() }), 'the-cluster'],
    ['two to one, the stranger probed first', liveness({ 1: up({ clusterId: 'x' }), 2: up(), 3: up() }), 'the-cluster'],
    ['the dead have no vote', liveness({ 1: down(), 2: down(), 3: up({ clusterId: 'x' }) }), 'x'],
    ['brokers without an id have none either', liveness({ 1: up({ clusterId: undefined }), 2: up() }), 'the-cluster'],
    ['no broker knows an id', liveness({ 1: up({ clusterId: undefined }) }), undefined],
    ['an empty id is an id', liveness({ 1: up({ clusterId: '' }) }), ''],
  ])('%s', (_, given, expected) => {
    expect(prevailingCluster(given)).toBe(expected)
  })
})

describe('sameView', () => {
  it.each<[string, Partial<BrokerView>, Partial<BrokerView>, boolean]>([
    ['nothing differs', {}, {}, true],
    ['another controller, ZooKeeper', {}, { controllerId: 2 }, false],
    [
      'another controller, KRaft: a random live broker each time',
      { kraft: true },
      { kraft: true, controllerId: 2 },
      true,
    ],
    ['a broker went', {}, { brokerIds: [1, 2] }, false],
    ['a broker was replaced', {}, { brokerIds: [1, 2, 4] }, false],
    ['another cluster', {}, { clusterId: 'x' }, false],
    ['another mode', {}, { kraft: true }, false],
  ])('%s', (_, a, b, expected) => {
    expect(sameView(brokerView(a), brokerView(b))).toBe(expected)
    expect(sameView(brokerView(b), brokerView(a))).toBe(expected)
  })
})

describe('addressText', () => {
  it.each([
    [{ host: 'kafka1', port: 9092 }, 'kafka1:9092'],
    [{ host: '10.0.0.1', port: 1 }, '10.0.0.1:1'],
    [{ host: 'fe80::1', port: 9092 }, '[fe80::1]:9092'],
  ])('%o', (address, expected) => {
    expect(addressText(address)).toBe(expected)
  })
})

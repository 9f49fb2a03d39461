import { describe, expect, it } from 'vitest'
import { prevailingCluster, sameView, watchedCluster, type BrokerView } from '../../src/model/liveness.ts'
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

describe('watchedCluster', () => {
  const seeds = ['s1:1', 's2:1', 's3:1']
  const other = () => up({ clusterId: 'x' })
  it.each([
    ['nothing is known: whom most name', undefined, { 's1:1': other(), 's2:1': up(), 's3:1': up() }, 'the-cluster'],
    ['nobody answers: as before', 'the-cluster', { 's1:1': down(), 's2:1': down() }, 'the-cluster'],
    ['all of ours down, one address taken over', 'the-cluster', { 's1:1': other(), 's2:1': down() }, 'the-cluster'],
    [
      'most seeds answer for another: set up anew',
      'the-cluster',
      { 's1:1': other(), 's2:1': other(), 's3:1': up() },
      'x',
    ],
    [
      'taken-over brokers that are no seeds do not count',
      'the-cluster',
      { 1: other(), 2: other(), 3: other() },
      'the-cluster',
    ],
  ])('%s', (_, known, states, expected) => {
    expect(watchedCluster(known, seeds, liveness(states).targets)).toBe(expected)
  })

  it('follows the only seed', () => {
    expect(watchedCluster('the-cluster', ['s1:1'], liveness({ 's1:1': other(), 1: down() }).targets)).toBe('x')
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

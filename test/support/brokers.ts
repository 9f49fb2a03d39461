import { afterEach } from 'vitest'
import { FakeBroker, type FakeBrokerOptions } from './fake-broker.ts'

/** Brokers that end with the test that started them. */
export function brokersOfEachTest(): (options?: FakeBrokerOptions) => Promise<FakeBroker> {
  const brokers: FakeBroker[] = []
  afterEach(async () => {
    await Promise.all(brokers.splice(0).map((broker) => broker.stop()))
  })
  return async (options) => {
    const broker = await FakeBroker.start(options)
    brokers.push(broker)
    return broker
  }
}

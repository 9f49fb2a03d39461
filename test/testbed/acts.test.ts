import { beforeEach, describe, expect, test } from 'vitest'
import { Acts, type Actor } from '../../testbed/acts.ts'

class FakeServer implements Actor {
  readonly pid = 1
  isRunning = true
  isPaused = false
  readonly #name: string
  readonly #done: string[]

  constructor(name: string, done: string[]) {
    this.#name = name
    this.#done = done
  }

  start(): Promise<void> {
    return this.#act('start', true)
  }

  stop(): Promise<void> {
    return this.#act('stop', false)
  }

  kill(): Promise<void> {
    return this.#act('kill', false)
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  #act(what: string, isRunning: boolean): Promise<void> {
    if (this.isRunning === isRunning) return Promise.reject(new Error(`${this.#name} cannot ${what}`))
    this.#done.push(`${what} ${this.#name}`)
    this.isRunning = isRunning
    return Promise.resolve()
  }
}

let done: string[]
let acts: Acts

beforeEach(() => {
  done = []
  const processes = new Map(['zk1', 'kafka1', 'zk2', 'kafka2'].map((name) => [name, new FakeServer(name, done)]))
  acts = new Acts({ nodes: 2, roles: ['zk', 'kafka'], processes, network: undefined, sessionTimeoutMs: 6_000 })
})

describe('a node', () => {
  test('is stopped broker first and started ZooKeeper first', async () => {
    await acts.act('stop', 'node1')
    await acts.act('start', 'node1')
    expect(done).toEqual(['stop kafka1', 'stop zk1', 'start zk1', 'start kafka1'])
  })

  test('whose broker is down already: the rest of it', async () => {
    await acts.act('kill', 'kafka1')
    await acts.act('stop', 'node1')
    await acts.act('start', 'kafka1')
    await acts.act('start', 'node1')
    expect(done).toEqual(['kill kafka1', 'stop zk1', 'start kafka1', 'start zk1'])
  })

  test('runs when both of its servers do, and has no pid of its own', async () => {
    expect([acts.isRunning('node1'), acts.pidOf('node1'), acts.pidOf('zk1')]).toEqual([true, undefined, 1])
    await acts.act('kill', 'zk1')
    expect([acts.isRunning('node1'), acts.isRunning('kafka1')]).toEqual([false, true])
  })
})

test('what is paused runs, but cannot answer', async () => {
  await acts.act('pause', 'kafka2')
  expect([acts.isRunning('kafka2'), acts.canAnswer('kafka2'), acts.canAnswer('kafka1')]).toEqual([true, false, true])
  await acts.act('resume', 'kafka2')
  expect(acts.canAnswer('kafka2')).toBe(true)
})

test('an act that makes no sense in this state rejects with the server’s reason', async () => {
  await expect(acts.act('start', 'zk1')).rejects.toThrow('zk1 cannot start')
})

test.each([
  ['cut', 'node1', 'needs the namespaces plan'],
  ['cut', 'kafka1', 'only a whole node has a cable'],
  ['stop', 'kafka3', 'no unit "kafka3"'],
] as const)('%s %s: %s', async (verb, unit, message) => {
  await expect(acts.act(verb, unit)).rejects.toThrow(message)
})

test('nothing starts after the end', async () => {
  await acts.act('kill', 'kafka1')
  acts.end()
  await expect(acts.act('start', 'kafka1')).rejects.toThrow('destroyed')
})

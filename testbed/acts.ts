import { setTimeout as sleep } from 'node:timers/promises'
import type { Network } from './network.ts'
import { StartFailure } from './server-process.ts'
import type { Role, Unit, Verb } from './types.ts'
import { membersOf, nameOf, type Member } from './units.ts'

/** How much longer than the session's timeout its znode may stay: the ensemble looks once per tick. */
const EXPIRY_SLACK_MS = 15_000

/** A server's process as far as acts are concerned. */
export interface Actor {
  readonly pid: number | undefined
  readonly isRunning: boolean
  readonly isPaused: boolean
  start(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): void
  resume(): void
}

export interface Actors {
  readonly nodes: number
  readonly roles: readonly Role[]
  /** By name: `kafka1`, `zk1`. */
  readonly processes: ReadonlyMap<string, Actor>
  readonly network: Network | undefined
  readonly sessionTimeoutMs: number
}

/** What can be done to a unit, and whether it is possible now. */
export class Acts {
  readonly #actors: Actors
  #isOver = false

  constructor(actors: Actors) {
    this.#actors = actors
  }

  async act(verb: Verb, unit: Unit): Promise<void> {
    if (verb === 'cut' || verb === 'heal') return this.#wire(verb, unit)
    const processes = this.#processesOf(unit)
    // Of a node, what is not already there: `start node1` after `kill kafka1` starts the broker only.
    const able = processes.filter((process) => isAble(verb, process))
    const concerned = able.length > 0 ? able : processes
    switch (verb) {
      case 'start':
        this.#mustNotBeCut(unit)
        for (const process of concerned) await this.#start(process)
        return
      case 'stop':
        for (const process of concerned.toReversed()) await process.stop()
        return
      case 'kill':
        await Promise.all(concerned.map((process) => process.kill()))
        return
      case 'pause':
        for (const process of concerned) process.pause()
        return
      case 'resume':
        for (const process of concerned) process.resume()
    }
  }

  /** Nothing is started any more, not even by a start that is waiting for a session to expire. */
  end(): void {
    this.#isOver = true
  }

  isRunning(unit: Unit): boolean {
    return this.#processesOf(unit).every((process) => process.isRunning)
  }

  /** Runs, is not paused, and is not cut off. */
  canAnswer(unit: Unit): boolean {
    const isCut = this.#membersOf(unit).some(({ id }) => this.#actors.network?.isCut(id) === true)
    return !isCut && this.#processesOf(unit).every((process) => process.isRunning && !process.isPaused)
  }

  pidOf(unit: Unit): number | undefined {
    const [process, ...others] = this.#processesOf(unit)
    return others.length === 0 ? process?.pid : undefined
  }

  /**
   * A broker that was killed has left an ephemeral znode, and until its session expires a new one finds it taken and
   * ends (NodeExistsException). An operator starts it again and again until then; so does this.
   */
  async #start(process: Actor): Promise<void> {
    const end = performance.now() + this.#actors.sessionTimeoutMs + EXPIRY_SLACK_MS
    for (;;) {
      if (this.#isOver) throw new Error('the cluster has been destroyed')
      try {
        await process.start()
        return
      } catch (error) {
        const isTaken = error instanceof StartFailure && !process.isRunning && error.output.includes('NodeExists')
        if (!isTaken || performance.now() > end) throw error
      }
      await sleep(500)
    }
  }

  #processesOf(unit: Unit): Actor[] {
    return this.#membersOf(unit).flatMap((member) => this.#actors.processes.get(nameOf(member)) ?? [])
  }

  #membersOf(unit: Unit): readonly Member[] {
    return membersOf(unit, this.#actors.nodes, this.#actors.roles)
  }

  #mustNotBeCut(unit: Unit): void {
    for (const { id } of this.#membersOf(unit)) {
      if (this.#actors.network?.isCut(id) === true)
        throw new Error(`start ${unit}: node${id} is cut off; heal it first`)
    }
  }

  async #wire(verb: 'cut' | 'heal', unit: Unit): Promise<void> {
    const { network } = this.#actors
    const id = this.#membersOf(unit)[0]?.id
    if (!unit.startsWith('node') || id === undefined)
      throw new Error(`${verb} ${unit}: only a whole node has a cable (node1)`)
    if (network === undefined) throw new Error(`${verb} ${unit}: needs the namespaces plan, not loopback`)
    await network[verb](id)
  }
}

function isAble(verb: Exclude<Verb, 'cut' | 'heal'>, process: Actor): boolean {
  switch (verb) {
    case 'start':
      return !process.isRunning
    case 'stop':
    case 'kill':
      return process.isRunning
    case 'pause':
      return process.isRunning && !process.isPaused
    case 'resume':
      return process.isPaused
  }
}

import type { Server } from '../../types.ts'
import { askQuorum, type QuorumWords } from '../raw-quorum.ts'
import { Sampler, type Sample } from '../sampler.ts'
import { controllersTruth, fetching, heard, type ControllersTruth } from './controllers.ts'
import type { CoordinatorWatch, Tell } from './watch.ts'

const EVERY_MS = 250
const DEADLINE_MS = 1000

type ControllerWords = QuorumWords | 'follows'

/** Watches a KRaft quorum by its controllers' words, and says what changes in them. Members are known by their node. */
export class ControllersWatch implements CoordinatorWatch {
  #truth: ControllersTruth
  readonly #servers: readonly Server[]
  readonly #samplers: readonly Sampler<ControllerWords>[]
  readonly #tell: Tell<ControllersTruth>
  readonly #said = new Map<number, string>()

  /** `servers`: node 1's first. */
  constructor(servers: readonly Server[], tell: Tell<ControllersTruth>) {
    this.#servers = servers
    this.#tell = tell
    this.#truth = controllersTruth(servers)
    this.#samplers = servers.map((server) => {
      const ask = async (): Promise<ControllerWords> => (await askQuorum(server, DEADLINE_MS)) ?? 'follows'
      return new Sampler(
        EVERY_MS,
        () => ({ ask }),
        (sample) => this.#hear(server.id, sample),
      )
    })
  }

  start(): void {
    for (const sampler of this.#samplers) sampler.start()
  }

  stop(): void {
    for (const sampler of this.#samplers) sampler.stop()
  }

  forget(node: number): void {
    this.#samplers[node - 1]?.stop()
    const id = this.#servers[node - 1]?.id
    if (id === undefined) return
    this.#said.delete(id)
    this.#truth = heard(this.#truth, id, undefined)
    this.#tell.truth(this.#truth, performance.now())
  }

  resume(node: number): void {
    this.#samplers[node - 1]?.start()
  }

  #hear(controller: number, { at, words, error }: Sample<ControllerWords>): void {
    this.#truth = heard(this.#truth, controller, words)
    const line =
      words === undefined
        ? `silent (${error ?? ''})`
        : words === 'follows'
          ? 'does not lead'
          : `leads epoch ${words.epoch}, ${fetching(words).join(',')} of ${words.voters.map(({ id }) => id).join(',')} fetch`
    if (this.#said.get(controller) !== line) this.#tell.say(`controller ${controller}: ${line}`, at)
    this.#said.set(controller, line)
    this.#tell.truth(this.#truth, at)
  }
}

/** Folds what the controllers of a KRaft quorum say into what is known of it. */
import type { QuorumWords } from '../raw-quorum.ts'

export interface ControllersTruth {
  /** Voter id -> host:port. */
  readonly addresses: ReadonlyMap<number, string>
  /** The newest words of each controller that answers; `follows`: it does not lead. */
  readonly said: ReadonlyMap<number, QuorumWords | 'follows'>
  /** The newest epoch that anybody has told. */
  readonly epoch: number
}

export function controllersTruth(
  servers: readonly { readonly id: number; readonly host: string; readonly port: number }[],
): ControllersTruth {
  return {
    addresses: new Map(servers.map(({ id, host, port }) => [id, `${host}:${port}`])),
    said: new Map(),
    epoch: 0,
  }
}

/** `words` undefined: it does not answer. */
export function heard(
  truth: ControllersTruth,
  controller: number,
  words: QuorumWords | 'follows' | undefined,
): ControllersTruth {
  const said = new Map(truth.said)
  if (words === undefined) said.delete(controller)
  else said.set(controller, words)
  const epoch = words === undefined || words === 'follows' ? 0 : words.epoch
  return { ...truth, said, epoch: Math.max(truth.epoch, epoch) }
}

/** What the active controller says. One that has just been woken may still describe the quorum of an older epoch. */
export function activeWords({ said, epoch }: ControllersTruth): QuorumWords | undefined {
  return [...said].flatMap(([id, words]) =>
    words !== 'follows' && words.leader === id && words.epoch >= epoch ? [words] : [],
  )[0]
}

/** Voters fetch twice a second. */
const RECENT_MS = 3000

/** The leader and the voters that it has heard from lately, all by its own clock. */
export function fetching({ leader, voters }: QuorumWords): readonly number[] {
  const now = Math.max(...voters.map(({ lastFetchMs }) => lastFetchMs))
  return voters.filter(({ id, lastFetchMs }) => id === leader || now - lastFetchMs < RECENT_MS).map(({ id }) => id)
}

/** What the quorum's expectations rest on; times and offsets move all the while. */
export function controllersPrint(truth: ControllersTruth): readonly unknown[] {
  const active = activeWords(truth)
  const answering = [...truth.said.keys()].sort((a, b) => a - b)
  return [answering, active?.leader, active?.epoch, active === undefined ? undefined : fetching(active)]
}

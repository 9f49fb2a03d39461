import type { Command } from '../fake-cluster/commands.ts'

/** What the cluster looks like, and what one refresh may then ask of it. */
export interface Scenario {
  readonly name: string
  readonly says: string
  readonly flags: Readonly<Record<string, string>>
  /** Before the first look. */
  readonly first: (brokers: number) => readonly Command[]
  /** Once everything is known and connected. */
  readonly then: (brokers: number) => readonly Command[]
  /** Between two refreshes. */
  readonly between: readonly Command[]
  /** Metadata requests for all topics, brokers that lead and answer. */
  readonly budget: (brokers: number) => { readonly metadata: number; readonly leaders: number }
}

const nothing = (): readonly Command[] => []
const one = (brokers: number): { metadata: number; leaders: number } => ({ metadata: 1, leaders: brokers })
const third = (brokers: number): number => Math.floor(brokers / 3)

export const scenarios: readonly Scenario[] = [
  {
    name: 'healthy',
    says: 'nothing changes',
    flags: {},
    first: nothing,
    then: nothing,
    between: [],
    budget: one,
  },
  {
    name: 'reordered',
    says: 'nothing changes, but topics come in another order in each reply',
    flags: { order: 'changing' },
    first: nothing,
    then: nothing,
    between: [],
    budget: one,
  },
  {
    name: 'moving',
    says: '1 % of the partitions get another leader between two refreshes',
    flags: {},
    first: nothing,
    then: nothing,
    between: [{ do: 'partitions', where: { share: 0.01 }, set: { leader: 'next', epochs: 1 } }],
    budget: one,
  },
  {
    name: 'differing',
    says: 'one broker believes in another controller and in old leaders: all are asked, and merged',
    flags: {},
    first: () => [
      { do: 'freeze', broker: 2 },
      { do: 'controller', broker: 3 },
      { do: 'partitions', where: { share: 0.1 }, set: { leader: 'next', isr: 'leader', epochs: 1 } },
    ],
    then: nothing,
    between: [],
    budget: (brokers) => ({ metadata: brokers, leaders: brokers }),
  },
  {
    name: 'third dead',
    says: 'a third of the brokers are killed; the others have elected where they could',
    flags: {},
    first: nothing,
    then: (brokers) =>
      Array.from({ length: third(brokers) }, (_, i) => ({
        do: 'kill',
        broker: brokers - i,
        elect: i === third(brokers) - 1,
      })),
    between: [],
    budget: (brokers) => ({ metadata: 1, leaders: brokers - third(brokers) }),
  },
]

import type { Entry } from './entry.ts'
import { decidesFailover, type State } from '../store.ts'
import type { QuorumKind, QuorumVerdict } from '../verdicts/quorum.ts'

interface Told {
  readonly lost: boolean
  readonly marginal: boolean
  /** Epoch of the last reign, or else who led. */
  readonly reign: string | undefined
}

const nothing: Told = { lost: false, marginal: false, reign: undefined }

/** The coordinators' lines. What a state may not know is compared with what was told last. */
export class QuorumJournal {
  readonly #told = new Map<QuorumKind, Told>()
  #differing = 0

  entries(state: State): readonly Entry[] {
    const { judgement } = state
    const servesOn = judgement.reachable ? 'Kafka serves on, nothing fails over' : 'nothing fails over'
    const ofKinds = [...judgement.quorums].flatMap(([kind, verdict]) =>
      this.#kindEntries(kind, verdict, decidesFailover(state, kind) ? servesOn : 'Kafka does without it'),
    )
    return [...ofKinds, ...this.#differingEntries(judgement.disagreements.get('quorum'))]
  }

  #kindEntries(kind: QuorumKind, verdict: QuorumVerdict, effect: string): readonly Entry[] {
    const before = this.#told.get(kind) ?? nothing
    const after = next(before, verdict)
    this.#told.set(kind, after)
    const fields = fieldsOf(kind, verdict)
    const entries: Entry[] = []
    if (after.lost && !before.lost) {
      entries.push({ level: 'warn', message: `quorum lost: ${effect}`, fields })
    }
    if (before.lost && !after.lost) entries.push({ level: 'info', message: 'quorum is back', fields })
    if (after.marginal && !before.marginal) {
      entries.push({ level: 'warn', message: 'quorum has no margin: with one more voter it is lost', fields })
    }
    if (before.marginal && !after.marginal && !after.lost) {
      entries.push({ level: 'info', message: 'quorum has a margin again', fields })
    }
    if (after.reign !== before.reign) {
      const { leader = '', epoch } = verdict
      const reign = { kind, leader, ...(epoch !== undefined && { epoch }) }
      entries.push({ level: 'info', message: 'quorum leader', fields: reign })
    }
    return entries
  }

  #differingEntries(count: number | undefined): readonly Entry[] {
    if (count === undefined || count > 0 === this.#differing > 0) return []
    this.#differing = count
    const fields = { facts: count }
    return [
      count > 0
        ? { level: 'warn', message: 'who belongs to the quorum, or leads it, is told differently', fields }
        : { level: 'info', message: 'who belongs to the quorum, and leads it, is agreed upon', fields },
    ]
  }
}

/** What is not known stays as it was told. */
function next(
  before: Told,
  { available, servingVoters, configuredVoters, majority, leader, epoch }: QuorumVerdict,
): Told {
  // A quorum of one or two never has a margin.
  const hasMargin = configuredVoters !== undefined && majority !== undefined && configuredVoters > majority
  const isKnown = available === true && servingVoters !== undefined && hasMargin
  const marginal = isKnown ? servingVoters === majority : before.marginal
  return {
    lost: available === undefined ? before.lost : !available,
    marginal: available === false ? false : marginal,
    reign: leader === undefined ? before.reign : String(epoch ?? leader),
  }
}

function fieldsOf(kind: QuorumKind, { servingVoters, configuredVoters, majority }: QuorumVerdict): Entry['fields'] {
  return {
    kind,
    ...(servingVoters !== undefined && { serving: servingVoters }),
    ...(configuredVoters !== undefined && { voters: configuredVoters }),
    ...(majority !== undefined && { majority }),
  }
}

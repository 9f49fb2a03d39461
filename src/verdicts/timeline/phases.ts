import { proofOf } from './actors.ts'
import { addIsr, addLeaders } from './phases-leaders.ts'
import { addQuorum, quorumTells } from './phases-quorum.ts'
import { addSigns } from './phases-signs.ts'
import { fetchersTell } from './phases-leaders.ts'
import type { Scene, Told } from './scene.ts'
import { type Phase, type PhaseName, phaseNames } from './types.ts'

const mostProofs = 4

export const phasesTell: readonly string[] = [...quorumTells, ...fetchersTell]

export function phasesOf(scene: Scene): Phase[] {
  const { from } = scene.group
  const phases: Phase[] = []
  const add = (name: PhaseName, told: Told): void => {
    const first = told?.events[0]
    const last = told?.events.at(-1)
    if (told === undefined || first === undefined || last === undefined) return
    const proof = told.events.length > mostProofs ? [...told.events.slice(0, mostProofs - 1), last] : told.events
    phases.push({
      name,
      at: first.at,
      until: last.at,
      afterMs: Math.round(first.at - from),
      text: told.text,
      proof: proof.map(proofOf),
    })
  }
  addSigns(scene, add)
  addQuorum(scene, add)
  addLeaders(scene, add)
  addIsr(scene, add)
  return phases.sort((a, b) => a.at - b.at || phaseNames.indexOf(a.name) - phaseNames.indexOf(b.name))
}

import { coordinatorsPrint } from './coordinators/quorums.ts'
import type { Truth } from './truth.ts'

/** Changes with anything that a stage's expectations rest on. */
export function fingerprint(truth: Truth): string {
  const said = [...truth.views].sort(([a], [b]) => a - b).map(([id, view]) => [id, view.controller, view.text])
  const coordinators = coordinatorsPrint(truth)
  const units = [[...truth.states], [...truth.zookeepers], [...truth.voterStates]]
  return JSON.stringify([units, [...truth.zombies], said, coordinators])
}

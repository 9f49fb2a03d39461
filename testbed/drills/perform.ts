import { membersOf } from '../units.ts'
import { waitUntil } from '../wait.ts'
import { quorumsOf } from './coordinators/quorums.ts'
import { nodeOf, type Voters } from './coordinators/voters.ts'
import type { Cluster, Unit, Verb } from '../types.ts'
import type { Target } from './scenario.ts'
import type { Session } from './session.ts'
import { believed, type UnitState } from './truth.ts'

/** What can be said of a unit once the verb has begun. A kill needs no time, a stop may take half a minute. */
const DURING: Readonly<Record<Verb, UnitState>> = {
  start: 'starting',
  stop: 'stopping',
  kill: 'stopped',
  pause: 'paused',
  resume: 'starting',
  cut: 'cut',
  heal: 'starting',
}

const AFTER: Readonly<Record<Verb, UnitState>> = {
  start: 'up',
  stop: 'stopped',
  kill: 'stopped',
  pause: 'paused',
  resume: 'up',
  cut: 'cut',
  heal: 'up',
}

function resolveTarget(target: Target, names: ReadonlyMap<string, number | string>): Unit {
  const [kind, name] = target.split('$')
  if (name === undefined) return target as Unit
  const id = names.get(name)
  if (id === undefined) throw new Error(`${target}: no find step has looked for the ${name}`)
  return `${kind as 'kafka' | 'controller' | 'node' | 'zk'}${Number(id)}`
}

/** Does it to the cluster and tells the session, which then knows what to expect of the unit. */
export async function perform(
  session: Session,
  cluster: Cluster,
  verb: Verb,
  on: readonly Target[],
  as?: string,
): Promise<void> {
  const units = on.map((target) => resolveTarget(target, session.names))
  const name = as ?? `${verb} ${on.join(' ')}`
  const members = units.flatMap((unit) => membersOf(unit, cluster.brokers.length, cluster.roles))
  const states = (state: UnitState): void => {
    for (const { role, id } of members) session.keeper.unit(role, id, state)
  }
  session.actBegins(name, `${verb} ${units.join(' ')}`)
  if (verb === 'kill' || verb === 'pause' || verb === 'cut')
    for (const { role, id } of members) session.forget(role, id)
  states(DURING[verb])
  await Promise.all(units.map((unit) => cluster.act(verb, unit)))
  states(AFTER[verb])
  if (verb === 'stop') for (const { role, id } of members) session.forget(role, id)
  if (AFTER[verb] === 'up') for (const { role, id } of members) session.listen(role, id)
  session.actEnds(name)
}

const FOLLOWS_DEADLINE_MS = 60_000

/** Restarts the node's ZooKeeper server if it leads; the others then elect one of theirs. */
export async function makeFollower(session: Session, cluster: Cluster, node: number): Promise<void> {
  const serves = (): boolean =>
    quorumsOf(session.truth).length > 0 &&
    quorumsOf(session.truth).every(({ available, serving, voters }) => {
      return available === true && serving.from === voters
    })
  await waitUntil('every ZooKeeper server serves', serves, FOLLOWS_DEADLINE_MS)
  if (quorumsOf(session.truth).some(({ kind, leaders }) => kind === 'zookeeper' && leaders.includes(node))) {
    for (const verb of ['stop', 'start'] as const)
      await perform(session, cluster, verb, [`zk${node}`], `${verb} the leader zk${node}`)
    await waitUntil('every ZooKeeper server serves', serves, FOLLOWS_DEADLINE_MS)
  }
  session.say('act', `zk${node} follows`)
}

/** The controller the believed brokers name; they must agree. */
export function findController(session: Session): void {
  const { voters } = session.truth
  if (voters !== undefined) {
    findActive(session, voters)
    return
  }
  const named = new Set(believed(session.truth).map((view) => view.controller))
  const [only] = named
  if (only === undefined || only === -1 || named.size !== 1) {
    throw new Error(`no single controller: brokers name ${[...named].join(', ') || 'none'}`)
  }
  session.names.set('controller', only)
  session.say('act', `the controller is broker ${only}`)
}

/** Who leads the ensemble, by its own word. */
export function findLeader(session: Session): void {
  const [leader = -1, ...further] = quorumsOf(session.truth).flatMap(({ leaders }) => leaders)
  if (leader === -1 || further.length > 0) throw new Error('no single leader of the ensemble')
  session.names.set('leader', leader)
  session.say('act', `zk${leader} leads`)
}

/** `$controller` is the node whose controller is active, `$other` and `$last` are the other two. */
function findActive(session: Session, voters: Voters): void {
  const [leader = -1, ...further] = quorumsOf(session.truth).flatMap(({ leaders }) => leaders)
  if (leader === -1 || further.length > 0) throw new Error('no single active controller')
  const active = nodeOf(voters, leader)
  const others = [...voters.units.values()].map((id) => nodeOf(voters, id)).filter((node) => node !== active)
  for (const [index, name] of ['other', 'last'].entries()) session.names.set(name, others[index] ?? NaN)
  session.names.set('controller', active)
  session.say('act', `controller ${leader} is active`)
}

export async function splitOff(session: Session, cluster: Cluster, target: Target): Promise<void> {
  const unit = resolveTarget(target, session.names)
  const alone = Number(unit.replace('node', ''))
  const others = cluster.brokers.map(({ id }) => id).filter((id) => id !== alone)
  session.actBegins('split', `split ${alone} from ${others.join(',')}`)
  session.keeper.split([alone])
  await cluster.split([alone], others)
  session.actEnds('split')
}

export async function rejoin(session: Session, cluster: Cluster): Promise<void> {
  session.actBegins('rejoin')
  await cluster.rejoin()
  session.keeper.rejoin()
  session.actEnds('rejoin')
}

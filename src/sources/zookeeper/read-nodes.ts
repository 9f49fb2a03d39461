import type { Membership } from '../../model/ensemble.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { sessionText } from '../../model/sessions.ts'
import type { Registration, Znodes } from '../../model/znodes.ts'
import { exists, getChildren, getData } from './client/protocol.ts'
import { parseController, parseControllerEpoch, parseId } from './kafka-nodes.ts'
import { parseMembership } from './membership.ts'
import { readWatched, understood, type Ask } from './watched-node.ts'

/** No cluster has nearly as many. */
const mostBrokers = 10_000
/** Questions under way at once. */
const batch = 100

/** Only the children are watched: a node that ends with its session cannot change its owner without vanishing. */
export async function readRegistrations(
  ask: Ask,
  path: string,
): Promise<Result<ReadonlyMap<number, Registration> | undefined>> {
  const children = await readWatched(ask, getChildren(path, true))
  if (!children.ok) return children
  if (children.value === undefined) return failed('protocol', `there is no ${path}: is this Kafka's root?`)
  const ids = children.value.flatMap((name) => parseId(name) ?? []).slice(0, mostBrokers)
  const registrations = new Map<number, Registration>()
  for (let i = 0; i < ids.length; i += batch) {
    const some = ids.slice(i, i + batch)
    const stats = await Promise.all(some.map(async (id) => [id, await ask(exists(`${path}/${id}`))] as const))
    for (const [id, stat] of stats) {
      if (!stat.ok) return stat
      if (stat.value === undefined) continue
      const { ephemeralOwner, czxid } = stat.value
      registrations.set(id, { session: sessionText(ephemeralOwner), czxid })
    }
  }
  return success(registrations)
}

/** That the node is not there says that nobody is the controller. */
export async function readController(ask: Ask, path: string): Promise<Result<Znodes['controller']>> {
  const node = await readWatched(ask, getData(path, true))
  if (!node.ok) return node
  if (node.value === undefined) return success({ id: undefined, session: undefined })
  const { data, stat } = node.value
  return understood(path, data, (bytes) => {
    const controller = parseController(bytes)
    return controller && { ...controller, session: sessionText(stat.ephemeralOwner) }
  })
}

export async function readControllerEpoch(ask: Ask, path: string): Promise<Result<number | undefined>> {
  const node = await readWatched(ask, getData(path, true))
  return node.ok ? understood(path, node.value, ({ data }) => parseControllerEpoch(data)) : node
}

/** ZooKeeper before 3.5 has no such node; a standalone server's names no member. */
export async function readMembership(ask: Ask, path: string): Promise<Result<Membership | undefined>> {
  const node = await readWatched(ask, getData(path, true))
  return node.ok ? success(node.value && parseMembership(node.value.data.toString('utf8'))) : node
}

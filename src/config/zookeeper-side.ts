import type { Config } from './config.ts'
import type { Desk } from './desk.ts'
import { clientTls } from './kafka-side.ts'
import { OPTION_NAMES } from './options.ts'

/** How the ensemble is reached. Without a server the other options of its side have nothing to do. */
export function zookeeperSide(desk: Desk): Config['zookeeper'] {
  const { settings } = desk
  const { servers, chroot } = settings['zookeeper.server']
  if (servers.length === 0) {
    desk.blank('zookeeper.server', 'it names no server')
    const rest = OPTION_NAMES.filter((name) => name.startsWith('zookeeper.') && name !== 'zookeeper.server')
    desk.idle(rest, 'no --zookeeper.server is given')
  }
  return {
    servers,
    chroot,
    adminServers: settings['zookeeper.admin-server'],
    perNamespace: settings['zookeeper.per-namespace'],
    tls: servers.length === 0 ? undefined : clientTls(desk, 'zookeeper.tls.'),
  }
}

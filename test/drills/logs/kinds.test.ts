import { expect, it } from 'vitest'
import { isOfKind, KINDS } from '../../../testbed/drills/logs/kinds.ts'
import { linesOf } from '../../../testbed/drills/logs/lines.ts'

const CLOSE = '[2026-11-27 14:10:18,633] WARN Close of session 0x0 (org.apache.zookeeper.server.NIOServerCnxn)\n'
const rows = [
  [`${CLOSE}java.io.IOException: ZooKeeperServer not running\n\tat x\n`, true],
  [`${CLOSE}java.io.IOException: Connection reset by peer\n\tat x\n`, false],
  [`${CLOSE}${CLOSE}`, false],
] as const

it.each(rows)(
  'a closed connection is of a server that does not run where the line after it says so: %j',
  (text, is) => {
    const kind = KINDS.filter(({ event }) => event === 'zk_cnxn_not_running')
    const lines = linesOf(text)
    expect(kind).toHaveLength(1)
    expect(lines.some((line) => kind.some((one) => isOfKind(one, line)))).toBe(is)
  },
)

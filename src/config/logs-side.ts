import type { Config } from './config.ts'
import type { Desk } from './desk.ts'
import { aDirectory, notAFile } from './kinds-logs.ts'
import { OPTION_NAMES } from './options.ts'

const lists = ['logs.kafka', 'logs.zookeeper'] as const
const standardInput = '-'

/** Which logs are followed. Without a path the other options of this side have nothing to do. */
export function logsSide(desk: Desk): Config['logs'] {
  const { settings } = desk
  const [kafka, zookeeper] = [settings['logs.kafka'], settings['logs.zookeeper']]
  const all = [...kafka, ...zookeeper]
  const rest = OPTION_NAMES.filter((name) => name.startsWith('logs.') && !lists.some((list) => list === name))
  const files = all.filter((path) => path !== standardInput)
  for (const name of lists) if (settings[name].length === 0) desk.blank(name, 'it names no log')
  if (all.length === 0) desk.idle(rest, 'no --logs.kafka and no --logs.zookeeper is given')
  else if (files.length === 0) {
    desk.idle(['logs.positions', 'logs.from-start'], 'standard input is read from where it is, and only once')
  }
  for (const name of lists) {
    for (const path of settings[name]) if (desk.isDirectory(path)) desk.problem([name], aDirectory(path))
  }
  for (const path of kafka.filter((path) => zookeeper.includes(path))) {
    const what = path === standardInput ? 'standard input (-)' : JSON.stringify(path)
    desk.problem(['logs.zookeeper', 'logs.kafka'], `${what} is given to --logs.kafka, too: a log is read once`)
  }
  const positions = settings['logs.positions']
  if (positions !== '' && desk.isDirectory(positions)) desk.problem(['logs.positions'], notAFile(positions))
  if (all.includes(positions)) desk.problem(['logs.positions'], 'is a log that is followed: write a file of its own')
  return {
    kafka,
    zookeeper,
    positions: files.length > 0 && positions !== '' ? positions : undefined,
    fromStart: settings['logs.from-start'],
    timeZone: settings['logs.time-zone'] || undefined,
  }
}

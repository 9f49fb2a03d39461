import type { LogFileFacts, LogRecord } from '../../model/log-facts.ts'
import type { Cast } from './actors.ts'
import { list } from './titles.ts'

/** Of two clusters in different files nothing is told at all; in the same files both may be one. */
export function warningsOf({ files }: LogRecord): string[] {
  const clusters = new Set(files.flatMap((file) => file.clusters))
  if (clusters.size < 2) return []
  return [
    `the same files tell of ${clusters.size} clusters (${list([...clusters])}): it was made anew in between, or logs of several were put into one file; then nodes with the same id are taken for one another, and none of this can be relied on`,
  ]
}

/** What the reader has to know of the files. */
export function notesOf(record: LogRecord, cast: Cast): string[] {
  const notes: string[] = []
  const nameless = record.files.filter(({ node, myid, lines }) => node === undefined && myid === undefined && lines > 0)
  if (nameless.length > 0) {
    notes.push(
      `no line tells whose ${nameless.length === 1 ? 'log this is' : 'logs these are'}: ${list(nameless.map(({ file }) => file))}`,
    )
  }
  for (const { file, shiftMs } of record.files) {
    if (shiftMs === 0) continue
    const hours = shiftMs / 3_600_000
    notes.push(
      `${file}: ${hours > 0 ? '+' : ''}${hours} h, so that what it tells fits what the others tell of the same things`,
    )
  }
  for (const { file } of record.files.filter((one) => isByItself(one, record.files))) {
    notes.push(`${file} tells of a time of which no other log tells: is it of another zone, or of another night?`)
  }
  const has = (role: 'broker' | 'zookeeper'): boolean => record.files.some(({ roles }) => roles.includes(role))
  if (!cast.kraft && record.files.length > 0) {
    if (!has('broker'))
      notes.push("no broker's log is among the files: what Kafka did, and whose sessions these were, is not known")
    if (!has('zookeeper'))
      notes.push('no ZooKeeper log is among the files: sessions and quorum are known from the brokers only')
  }
  for (const { session, id } of cast.inferred) {
    notes.push(`session ${session} is taken for that of broker ${id}, which the controller removed in the same moment`)
  }
  const missing = missingNodes(record)
  if (missing.length > 0)
    notes.push(
      `there ${missing.length === 1 ? 'is no log of node' : 'are no logs of nodes'} ${list(missing)}: only what others tell is known of it`,
    )
  return notes
}

/** Of two files nobody can tell which is the odd one; rotated ones follow each other. */
function isByItself(one: LogFileFacts, files: readonly LogFileFacts[]): boolean {
  const { firstAt, lastAt } = one
  if (files.length < 3 || firstAt === undefined || lastAt === undefined) return false
  return files.every(
    (other) =>
      other === one ||
      ((other.node !== one.node || other.myid !== one.myid) &&
        ((other.firstAt ?? Infinity) > lastAt || (other.lastAt ?? -Infinity) < firstAt)),
  )
}

function missingNodes(record: LogRecord): number[] {
  const known = new Set(record.files.flatMap(({ node, myid }) => [node ?? [], myid ?? []].flat()))
  const named = record.files.flatMap(({ peers }) => peers)
  return [...new Set(named)].filter((id) => id >= 0 && !known.has(id)).sort((a, b) => a - b)
}

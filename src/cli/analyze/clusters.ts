import { basename, dirname } from 'node:path'
import type { LogFileFacts, LogRecord } from '../../model/log-facts.ts'
import { list } from '../../verdicts/timeline/titles.ts'

/** Nodes of two clusters have the same ids: one's life would be told as the other's death. */
export interface Mixture {
  readonly clusters: readonly { readonly name: string; readonly files: readonly { file: string; by: string }[] }[]
  readonly unassigned: readonly string[]
}

/** Logs of one node of which one was rotated overlap by less. */
const overlapMs = 10_000

/**
 * Undefined: nothing says that the logs are of more than one cluster. Files belong together that announce the same
 * cluster id, and a ZooKeeper server's to those brokers whose sessions it tells of; the others go to the cluster that is
 * nearest by directory, where one is.
 */
export function mixtureIn({ files, events }: LogRecord): Mixture | undefined {
  const parts = new Parts()
  for (const { file, clusters } of files) for (const id of clusters) parts.join(file, `cluster ${id}`)
  for (const [first, ...rotated] of rotationsIn(files)) {
    for (const { file } of rotated) if (first !== undefined) parts.join(first.file, file)
  }
  const sessions = new Set(
    events.flatMap(({ event, fields }) => (event === 'zkc_session_established' ? (fields.session ?? []) : [])),
  )
  for (const { fields, file } of events) {
    if (fields.session !== undefined && sessions.has(fields.session)) parts.join(file, `session ${fields.session}`)
  }
  const named = new Map<string, string[]>()
  for (const id of new Set(files.flatMap(({ clusters }) => clusters))) {
    const root = parts.of(`cluster ${id}`)
    named.set(root, [...(named.get(root) ?? []), id])
  }
  if (named.size < 2) return twice(files)
  const known = files.filter(({ file }) => named.has(parts.of(file)))
  const clusterOf = (file: string): { root: string; by: string } | undefined => {
    const root = parts.of(file)
    if (named.has(root)) return { root, by: 'its lines' }
    const nearest = nearestOf(
      file,
      known.map((other) => ({ file: other.file, root: parts.of(other.file) })),
    )
    return nearest === undefined ? undefined : { root: nearest, by: 'its directory' }
  }
  const assigned = files.map(({ file }) => ({ file, cluster: clusterOf(file) }))
  return {
    clusters: [...named].map(([root, ids]) => ({
      name: list(ids),
      files: assigned.flatMap(({ file, cluster }) => (cluster?.root === root ? { file, by: cluster.by } : [])),
    })),
    unassigned: assigned.flatMap(({ file, cluster }) => (cluster === undefined ? file : [])),
  }
}

const fromLines = ({ idFrom }: LogFileFacts): boolean => idFrom === 'lines'
const nodeKey = ({ node, myid, roles }: LogFileFacts): string => `${node ?? ''} ${myid ?? ''} ${roles.join()}`
const plainName = (file: string): string => file.replace(/\.gz$/, '')

function grouped(
  files: readonly LogFileFacts[],
  keyOf: (file: LogFileFacts) => string,
): readonly (readonly LogFileFacts[])[] {
  const groups = new Map<string, LogFileFacts[]>()
  for (const file of files) {
    const group = groups.get(keyOf(file))
    if (group === undefined) groups.set(keyOf(file), [file])
    else group.push(file)
  }
  return [...groups.values()]
}

/** `server.log` and `server.log.1` of one node and directory, one after the other: one log, as if it had not been rotated. */
function rotationsIn(files: readonly LogFileFacts[]): readonly (readonly LogFileFacts[])[] {
  const logOf = (file: string): string => /^.*?\.(?:log|out)(?=$|[.-])/.exec(basename(file))?.[0] ?? basename(file)
  return grouped(
    files.filter((file) => fromLines(file) && file.firstAt !== undefined),
    (file) => `${nodeKey(file)} ${dirname(file.file)}/${logOf(file.file)}`,
  )
    .map((group) => group.toSorted((a, b) => (a.firstAt ?? 0) - (b.firstAt ?? 0)))
    .filter((group) => {
      let end = Infinity
      return group.every(({ firstAt = 0, lastAt = 0 }, index) => {
        const isAfter = index === 0 || firstAt > end - overlapMs
        end = index === 0 ? lastAt : Math.max(end, lastAt)
        return isAfter
      })
    })
}

/** Without those that are compressed copies of another one, as where they are being compressed; and which these are. */
export function withoutCopies(record: LogRecord): { readonly record: LogRecord; readonly copies: readonly string[] } {
  const copies = new Set<string>()
  for (const same of grouped(record.files.filter(fromLines), (file) => `${nodeKey(file)} ${plainName(file.file)}`)) {
    const plain = same.find(({ file }) => file === plainName(file))
    if (plain === undefined) continue
    for (const other of same) if (other !== plain && overlapOf(plain, other) > overlapMs) copies.add(other.file)
  }
  if (copies.size === 0) return { record, copies: [] }
  const isKept = ({ file }: { readonly file: string }): boolean => !copies.has(file)
  return {
    record: { files: record.files.filter(isKept), events: record.events.filter(isKept) },
    copies: [...copies],
  }
}

/** One broker or server with two logs of one name at the same time: there are two of them, in two clusters. */
function twice(files: readonly LogFileFacts[]): Mixture | undefined {
  for (const same of grouped(files.filter(fromLines), (file) => `${nodeKey(file)} ${plainName(basename(file.file))}`)) {
    for (const [index, one] of same.entries()) {
      const other = same.slice(index + 1).find((later) => overlapOf(one, later) > overlapMs)
      if (other === undefined) continue
      const clusters = [one, other].map(({ file }) => ({ name: 'unknown', files: [{ file, by: 'its lines' }] }))
      return { clusters, unassigned: files.filter((file) => file !== one && file !== other).map(({ file }) => file) }
    }
  }
  return undefined
}

const overlapOf = (a: LogFileFacts, b: LogFileFacts): number =>
  Math.min(a.lastAt ?? -Infinity, b.lastAt ?? -Infinity) - Math.max(a.firstAt ?? Infinity, b.firstAt ?? Infinity)

/** The cluster of the files that share the longest path with it; undefined: those of several do, or nothing is shared. */
function nearestOf(
  file: string,
  known: readonly { readonly file: string; readonly root: string }[],
): string | undefined {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    const inside = new Set(known.flatMap((other) => (other.file.startsWith(`${directory}/`) ? other.root : [])))
    const [root] = inside
    if (inside.size > 0) return inside.size === 1 ? root : undefined
    if (directory === dirname(directory)) return undefined
  }
}

/** Which names stand for the same. */
class Parts {
  readonly #above = new Map<string, string>()

  of(name: string): string {
    let root = name
    for (let above = this.#above.get(root); above !== undefined; above = this.#above.get(root)) root = above
    // The next look is short.
    for (let at = name; at !== root;) {
      const above = this.#above.get(at) ?? root
      this.#above.set(at, root)
      at = above
    }
    return root
  }

  join(a: string, b: string): void {
    const first = this.of(a)
    const second = this.of(b)
    if (first !== second) this.#above.set(first, second)
  }
}

const mostNames = 40

/** For people, a line each. */
export function mixtureText({ clusters, unassigned }: Mixture): string[] {
  const isNamed = clusters.some(({ name }) => name !== 'unknown')
  const out = [
    isNamed
      ? `these are logs of ${clusters.length} clusters; give those of one at a time, as nodes of the same id would be taken for one another`
      : 'one node has two logs of one name at the same time: they are of two clusters, or copies; give those of one at a time',
  ]
  for (const { name, files } of clusters) {
    out.push(isNamed ? `cluster ${name}:` : 'one of them:')
    out.push(...some(files.map(({ file, by }) => (by === 'its lines' ? file : `${file} (by ${by})`))))
  }
  if (unassigned.length > 0) {
    out.push(isNamed ? 'no line or directory tells of which cluster:' : 'besides:', ...some(unassigned))
  }
  return out
}

const some = (names: readonly string[]): string[] => [
  ...names.slice(0, mostNames).map((name) => `  ${name}`),
  ...(names.length > mostNames ? [`  and ${names.length - mostNames} more`] : []),
]

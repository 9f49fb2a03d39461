import { basename, dirname } from 'node:path'

/** After so many lines that tell the same id it is believed. */
const enough = 20
/** A log that tells nothing for so long is not searched further. */
const mostOthers = 0.2
const mostText = 64 * 1024 * 1024

const kafkaId =
  /\[(?:KafkaServer id|KafkaRaftServer nodeId|BrokerServer id|ControllerServer id|BrokerLifecycleManager id|RaftManager (?:node)?[iI]d|QuorumController id|Broker id|ReplicaFetcher replicaId|ReplicaManager broker|GroupMetadataManager brokerId|GroupCoordinator(?: id)?|SocketServer (?:brokerId|nodeId)|ReplicaFetcherManager on broker|ReplicaAlterLogDirsManager on broker|Controller id)[ =](\d{1,10})\b/g
const serverId = /\[myid:(\d{1,5})\]|QuorumPeer\[myid=(\d{1,5})\]|\b[Mm]y id ?= {1,2}(\d{1,5})\b|\bmyId: ?(\d{1,5})\b/g
const kafkaVersion = /\bKafka version: (\d[\w.-]{0,40})/
const serverVersion = /Server environment:zookeeper\.version=(\d[\w.]{0,20})/

const clusterId =
  /\[[^\]]{1,40}\] INFO (?:Cluster ID = |\[QuorumController id=\d{1,10}\] Creating new QuorumController with clusterId )([\w-]{16,32})[ .]/y
const mostClusters = 8

/** Finds out from a log's own text whose it is and of which version. */
export class Identity {
  version: string | undefined
  readonly clusters = new Set<string>()
  readonly #nodes = new Map<number, number>()
  readonly #servers = new Map<number, number>()
  #read = 0

  take(text: string): void {
    this.#readVersion(text)
    this.#readCluster(text, 'Cluster ID = ')
    this.#readCluster(text, ' with clusterId ')
    if (this.#read > mostText) return
    this.#read += text.length
    if (top(this.#nodes).count < enough) vote(text, kafkaId, this.#nodes)
    if (top(this.#servers).count < enough) vote(text, serverId, this.#servers)
  }

  get node(): number | undefined {
    return top(this.#nodes).id
  }

  get myid(): number | undefined {
    return top(this.#servers).id
  }

  #readCluster(text: string, words: string): void {
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
      clusterId.lastIndex = text.lastIndexOf('\n', at) + 1
      const id = clusterId.exec(text)?.[1]
      if (id !== undefined && this.clusters.size < mostClusters) this.clusters.add(Buffer.from(id).toString('latin1'))
    }
  }

  /** The newest that it announces: after an upgrade the new one. */
  #readVersion(text: string): void {
    if (text.includes('Kafka version: ')) this.version = kafkaVersion.exec(text)?.[1] ?? this.version
    else if (text.includes('Server environment:zookeeper.version=')) {
      this.version = serverVersion.exec(text)?.[1]?.replace(/-$/, '') ?? this.version
    }
  }
}

function vote(text: string, pattern: RegExp, votes: Map<number, number>): void {
  let count = 0
  for (const match of text.matchAll(pattern)) {
    const id = Number(match.slice(1).find((group: string | undefined) => group !== undefined))
    // Lines of mirrored clusters and hostile ones may name any number of ids.
    if (votes.size < 1000 || votes.has(id)) votes.set(id, (votes.get(id) ?? 0) + 1)
    if (++count >= enough) return
  }
}

/** A collector's file of several nodes belongs to none; a few lines that name another id are others' business. */
function top(votes: ReadonlyMap<number, number>): { id: number | undefined; count: number } {
  const [first, second] = [...votes].sort(([, a], [, b]) => b - a)
  if (first === undefined) return { id: undefined, count: 0 }
  const isShared = second !== undefined && second[1] > first[1] * mostOthers
  return { id: isShared ? undefined : first[0], count: first[1] }
}

const named = /^(?:.*[-_.])?(?:kafka|broker|zookeeper|zoo|zk|node|server|controller|kraft)[-_.]?(\d{1,10})$/i

/** `zk1.log`, `kafka-2/server.log`, `node3.log.gz`: the id that a file's name or its directory's ends with. */
export function idFromName(path: string): number | undefined {
  const stem = basename(path).replace(/(\.(gz|log|out|txt)|\.\d{4}-\d\d-\d\d(-\d\d)?|\.\d{1,3})+$/i, '')
  const id = named.exec(stem)?.[1] ?? named.exec(basename(dirname(path)))?.[1]
  return id === undefined ? undefined : Number(id)
}

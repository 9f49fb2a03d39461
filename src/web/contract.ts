/** Bytes are sent as they come; strings are joined first, so that they may be as short as a line. */
export type Pieces = Iterable<string | Buffer> | AsyncIterable<string | Buffer>

/** What the web server shows, and whom it asks. It knows nothing of Kafka, sources or the configuration. */
export interface WebDeps {
  /** Where the metrics are, e.g. `/metrics`. `/` is possible: the landing page then gives way. */
  readonly telemetryPath: string
  readonly contentType: string
  /** The page in pieces of any size. Called once a scrape; what it reads must not change while the pieces are taken. */
  render(): Pieces
  readiness(): Readiness
  landing(): LandingFacts
  /** undefined = open to everybody. */
  readonly auth?: Authenticate | undefined
  /** What went wrong here and nobody else will tell of, with a static sentence for the log. */
  onError(what: string, error: unknown): void
  readonly limits?: Partial<WebLimits>
}

export interface WebLimits {
  /** Scrapes under way at once; the next one gets a 503. */
  readonly scrapes: number
  /** How long one response may take, slow readers included, before its connection is destroyed. */
  readonly responseMs: number
}

export const DEFAULT_LIMITS: WebLimits = { scrapes: 40, responseMs: 30_000 }

export interface Readiness {
  readonly ready: boolean
  /** Sources that have not had their first look. */
  readonly waitingFor: readonly string[]
}

/** Judges an Authorization header. `busy` = too many judgements are waiting. */
export type Authenticate = (authorization: string | undefined) => Promise<'ok' | 'denied' | 'busy'>

/** What the landing page tells. undefined = not known now, which the page says in so many words. */
export interface LandingFacts {
  readonly version: string
  /** Milliseconds since 1970; the ages on the page are counted from here. */
  readonly now: number
  readonly cluster: { readonly reachable: boolean | undefined; readonly id?: string | undefined }
  readonly brokers: BrokerFacts | undefined
  readonly partitions: PartitionFacts
  /** Of the coordinators that are watched. */
  readonly quorums: readonly QuorumFacts[]
  /** Broker failures tolerated: with every partition keeping a leader, and taking acks=all writes. */
  readonly margin: { readonly leader: number | undefined; readonly acksAll: number | undefined } | undefined
  /** Brokers without which leaderless partitions do not come back. */
  readonly awaited: readonly { readonly id: number; readonly partitions: number }[]
  readonly sources: readonly SourceFacts[]
  /** undefined: none are followed, or it is not known how far they were read. */
  readonly logs?: LogsFacts | undefined
}

export interface LogsFacts {
  /** Those that are worth a line; how many there are of each kind. */
  readonly files: readonly LogFileFacts[]
  readonly total: number
  readonly down: number
  /** What the logs told that is of weight: critical before major, each newest first. */
  readonly events: readonly LogEventFacts[]
}

export interface LogFileFacts {
  readonly path: string
  /** undefined: it is read. */
  readonly failure: string | undefined
  readonly lagBytes: number
}

export interface LogEventFacts {
  /** Milliseconds since 1970, as the line says; undefined = it does not. */
  readonly at: number | undefined
  readonly event: string
  readonly severity: 'critical' | 'major'
  readonly text: string
}

export interface QuorumFacts {
  readonly kind: 'zookeeper' | 'kraft'
  /** Somebody leads a majority. */
  readonly available: boolean | undefined
  readonly serving: number | undefined
  readonly voters: number | undefined
  readonly majority: number | undefined
  /** Kafka's mode hangs on it: while it is lost nothing fails over. */
  readonly decides: boolean
}

export interface BrokerFacts {
  readonly expected: number
  readonly up: number
  /** The expected ones that do not answer, with the reason that the metrics give. */
  readonly down: readonly { readonly id: number; readonly address?: string | undefined; readonly reason: string }[]
}

export interface PartitionFacts {
  readonly total: number | undefined
  readonly leaderless: number | undefined
  readonly unreachableLeader: number | undefined
  readonly unavailable: number | undefined
  readonly underReplicated: number | undefined
  readonly underMinIsr: number | undefined
  /** Their leader answers, a member of their ISR does not: acks=all writes wait. */
  readonly unreachableIsr: number | undefined
}

export interface SourceFacts {
  readonly name: string
  /** Milliseconds since 1970; undefined = never yet. */
  readonly lastSuccess: number | undefined
  /** Whether the newest look brought something usable; undefined = none yet. */
  readonly up?: boolean | undefined
}

import { Readable, Writable } from 'node:stream'
import { analyze } from '../../../src/cli/analyze/analyze.ts'

export interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the subcommand as the binary does, without a process of its own. */
export async function run(argv: readonly string[], input: string | Buffer = '', mostEvents?: number): Promise<Run> {
  const out = new Collected()
  const err = new Collected()
  const code = await analyze(argv, { in: Readable.from([Buffer.from(input)]), out, err }, mostEvents)
  return { code, out: out.text, err: err.text }
}

class Collected extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

interface Line {
  readonly file: string
  readonly line: number
  readonly at: string
  readonly text: string
}

/** What the tests look at of the JSON. */
export interface Told {
  readonly incidents: readonly {
    readonly from: string
    readonly until: string | null
    readonly how: string
    readonly scope: string
    readonly nodes: readonly number[]
    readonly alone: readonly number[]
    readonly title: string
    readonly figures: Readonly<Record<string, number>>
    readonly order: { readonly first: string; readonly text: string; readonly proof: readonly Line[] } | null
    readonly losses: readonly {
      readonly role: string
      readonly id: number | null
      readonly name: string
      readonly how: string
      readonly from: string
      readonly backAt: string | null
      readonly because: readonly { readonly text: string; readonly proof: readonly Line[] }[]
    }[]
    readonly phases: readonly {
      readonly name: string
      readonly at: string
      readonly until: string
      readonly text: string
      readonly proof: readonly Line[]
    }[]
  }[]
  readonly quorum: readonly {
    readonly system: string
    readonly kind: string
    readonly seenBy: number | null
    readonly from: string
    readonly until: string | null
  }[]
  readonly zookeeperLost: readonly {
    readonly brokers: readonly number[]
    readonly from: string
    readonly until: string | null
    readonly tried: number
    readonly servers: number | null
  }[]
  readonly leaderless: readonly { readonly partition: string; readonly from: string; readonly until: string | null }[]
  readonly files: readonly {
    readonly file: string
    readonly node: number | null
    readonly myid: number | null
    readonly roles: readonly string[]
    readonly version: string | null
    readonly lines: number
    readonly shiftMs: number
  }[]
  readonly toldFrom: string | null
  readonly verdict: string | null
  readonly warnings: readonly string[]
  readonly notes: readonly string[]
}

export async function tell(...argv: readonly string[]): Promise<Told> {
  const { out, code, err } = await run(['--format=json', '--time-zone=UTC', ...argv])
  if (code !== 0) throw new Error(err)
  return JSON.parse(out) as Told
}

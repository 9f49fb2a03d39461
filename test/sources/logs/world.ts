import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFollower, type FollowerWorld } from '../../../src/sources/logs/create-follower.ts'
import type { Follower, FollowerOptions, LinesSink, LogStream } from '../../../src/sources/logs/follower.ts'
import type { LogFile } from '../../../src/model/logs.ts'

/** A directory of its own, a clock that is moved by hand, and everything that a follower says. */
export class FollowerScene {
  readonly directory = mkdtempSync(join(tmpdir(), 'follower-'))
  now = 1_000_000
  readonly failures: string[] = []
  readonly warnings: string[] = []
  /** Whole text by stream, in the order of the streams. */
  readonly streams = new Map<number, { readonly stream: LogStream; text: string }>()
  /** What was told, in its order: `lines 1`, `quiet 1`, `ended 1`. */
  readonly said: string[] = []
  text = ''
  largest = 0

  readonly sink: LinesSink = {
    lines: (stream, text) => {
      this.largest = Math.max(this.largest, text.length)
      this.said.push(`lines ${stream.id}`)
      this.text += text
      const known = this.streams.get(stream.id) ?? { stream, text: '' }
      this.streams.set(stream.id, { stream, text: known.text + text })
    },
    quiet: (stream) => void this.said.push(`quiet ${stream.id}`),
    ended: (stream) => void this.said.push(`ended ${stream.id}`),
  }

  path(name: string): string {
    return join(this.directory, name)
  }

  follow(
    options: Partial<FollowerOptions> & { readonly files?: readonly string[] } = {},
    world: FollowerWorld = {},
  ): Follower {
    const { files = ['server.log'], ...rest } = options
    return createFollower(
      {
        patterns: files.map((file) => ({ pattern: file === '-' ? '-' : this.path(file), component: 'kafka' as const })),
        positions: undefined,
        fromStart: false,
        clock: () => ({ mono: this.now, wall: Date.now() }),
        notes: {
          failed: (path, { reason }) => this.failures.push(`${path.slice(this.directory.length + 1)} ${reason}`),
          warn: (message, { bytes }) => this.warnings.push(bytes === undefined ? message : `${message}: ${bytes}`),
        },
        ...rest,
      },
      world,
    )
  }

  /** Reads all there is; the lines that came. */
  async read(follower: Follower, bytes = 64 * 1024 * 1024): Promise<readonly string[]> {
    const before = this.text.length
    while (await follower.read(bytes, new AbortController().signal, this.sink)) continue
    return this.text.slice(before).split('\n').slice(0, -1)
  }

  file(follower: Follower, name = 'server.log'): LogFile | undefined {
    return follower.files().find(({ path }) => path === (name === '-' ? '-' : this.path(name)))
  }

  clean(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

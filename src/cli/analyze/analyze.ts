import { timelineOf } from '../../verdicts/timeline/timeline.ts'
import type { Timeline } from '../../verdicts/timeline/types.ts'
import { type CommandIo, exitCodes } from '../io.ts'
import { mixtureIn, mixtureText } from './clusters.ts'
import { htmlOf } from './html.ts'
import { findInputs } from './inputs.ts'
import { jsonOf } from './json.ts'
import { parseOptions } from './options.ts'
import { Progress } from './progress.ts'
import { readRecord } from './record.ts'
import { inputThatIs, writeOut } from './output.ts'
import { textOf } from './text.ts'
import { isBlind } from './verdict.ts'
import { harmless } from './times.ts'

/** `mostEvents`: that are kept. */
export async function analyze(argv: readonly string[], io: CommandIo, mostEvents?: number): Promise<number> {
  const usage = parseOptions(argv)
  if (!usage.ok) {
    say(io, `${usage.message}; see --help`)
    return exitCodes.badUsage
  }
  const { options } = usage
  const inputs = await findInputs(options.files)
  const overwritten = options.output === undefined ? undefined : await inputThatIs(options.output, inputs.found, io.in)
  if (overwritten !== undefined) {
    say(io, `--output=${options.output ?? ''} would overwrite a log that is to be read: ${overwritten}`)
    return exitCodes.badUsage
  }
  const progress = new Progress(
    io.err,
    inputs.found.reduce((sum, { size }) => sum + size, 0),
    Date.now,
  )
  const reading = await readRecord(inputs, options, io.in, progress, mostEvents)
  progress.end()
  const failed = [...inputs.failed, ...reading.failed]
  for (const { path, reason } of failed) say(io, `${path}: ${reason}`)
  for (const path of reading.bare) say(io, `${path}: no log file in it`)
  const mixture = mixtureIn(reading.record)
  if (mixture !== undefined) {
    for (const line of mixtureText(mixture)) say(io, line)
    return exitCodes.badUsage
  }
  const timeline = within(timelineOf(reading.record), {
    from: Math.max(options.from ?? -Infinity, reading.fullFrom ?? -Infinity),
    to: options.to ?? Infinity,
  })
  const write = { text: textOf, json: jsonOf, html: htmlOf }[options.format]
  try {
    await writeOut(write({ timeline, reading, options }), options.output, io)
  } catch (error) {
    say(io, error instanceof Error ? error.message : String(error))
    return exitCodes.failed
  }
  if (isBlind({ timeline })) {
    say(io, reading.lines === 0 ? 'no log lines were read' : 'no line with a time was read')
    return exitCodes.failed
  }
  return failed.length > 0 ? exitCodes.failed : exitCodes.ok
}

function say({ err }: CommandIo, message: string): void {
  err.write(`kafka-ha-exporter analyze: ${harmless(message)}\n`)
}

/** What happened in the time that was asked for. */
function within(timeline: Timeline, { from, to }: { readonly from: number; readonly to: number }): Timeline {
  const isIn = ({ from: begun, until }: { from: number; until: number | undefined }): boolean =>
    begun <= to && (until ?? Infinity) >= from
  return {
    ...timeline,
    incidents: timeline.incidents.filter(isIn),
    quorumGaps: timeline.quorumGaps.filter(isIn),
    zookeeperGaps: timeline.zookeeperGaps.filter(isIn),
    leaderless: timeline.leaderless.filter(isIn),
  }
}

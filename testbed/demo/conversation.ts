import { clearLine, createInterface, cursorTo } from 'node:readline'
import type { ReadStream } from 'node:tty'
import { parseCommand, type Command } from './commands.ts'
import { perform, type Session } from './session.ts'

export interface Terminal {
  readonly input: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>
  readonly output: NodeJS.WritableStream
}

export interface Conversation {
  /** Prints above the prompt, which stays where it is with whatever is typed there. */
  readonly say: (line: string) => void
  /** Takes commands until `quit`, the end of the input, or Ctrl-C. */
  hold(session: Session): Promise<void>
  close(): void
}

/**
 * Commands are done one after the other, and the next can be typed meanwhile. At a terminal `status`, `help` and `quit`
 * do not wait in the queue; from a pipe everything keeps its order and the end of the input is the end of the queue.
 */
export function openConversation({ input, output }: Terminal): Conversation {
  const isTerminal = input.isTTY === true
  const lines = createInterface({ input, output, prompt: 'demo> ', terminal: isTerminal })
  // What comes before somebody listens would be lost.
  lines.pause()
  const say = (line: string): void => {
    if (isTerminal) {
      cursorTo(output, 0)
      clearLine(output, 0)
    }
    output.write(`${line}\n`)
    if (isTerminal) lines.prompt(true)
  }
  const hold = (session: Session): Promise<void> =>
    new Promise((resolve) => {
      let queue = Promise.resolve()
      const done = async (command: Command): Promise<void> => {
        try {
          if (!(await perform(command, session))) resolve()
        } catch (error) {
          if (!session.signal.aborted) say(messageOf(error))
        }
      }
      lines.on('line', (line) => {
        const command = understood(line, session)
        if (command === undefined) return
        const isAct = command.kind === 'act' || command.kind === 'wait'
        if (isTerminal && !isAct) void done(command)
        else queue = queue.then(() => (session.signal.aborted ? undefined : done(command)))
        if (isTerminal) lines.prompt()
      })
      lines.on('SIGINT', resolve)
      lines.on('close', () => {
        if (isTerminal) resolve()
        else void queue.then(resolve)
      })
      if (isTerminal) lines.prompt()
      lines.resume()
    })
  return { say, hold, close: () => lines.close() }
}

function understood(line: string, { cluster, say }: Session): Command | undefined {
  try {
    return parseCommand(line, cluster.roles)
  } catch (error) {
    say(messageOf(error))
    return undefined
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

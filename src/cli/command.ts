import { analyze } from './analyze/analyze.ts'
import { analyzeHelp } from './analyze/help.ts'
import type { CommandIo } from './io.ts'

/** What the binary does besides being an exporter. */
interface Command {
  readonly help: string
  run(argv: readonly string[], io: CommandIo): Promise<number>
}

const commands: Readonly<Record<string, Command>> = {
  analyze: { help: analyzeHelp, run: analyze },
}

/** The exit code of the subcommand that the first argument names; undefined: it names none. `version` is what it answers to `--version`. */
export function runCommand(argv: readonly string[], io: CommandIo, version: () => string): Promise<number> | undefined {
  const [name = '', ...rest] = argv
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) return undefined
  if (rest.some((word) => word === '--help' || word === '-h')) {
    io.out.write(command.help)
    return Promise.resolve(0)
  }
  if (rest.includes('--version')) {
    io.out.write(`${version()}\n`)
    return Promise.resolve(0)
  }
  return command.run(rest, io)
}

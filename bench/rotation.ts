import { parseArgs } from 'node:util'
import { drills, run } from './rotation/drill.ts'

const help = `A log is written in one process, rotated in every style, and followed in another one: how many lines are lost, repeated
and broken. Exits with 1 where a line is lost whose bytes still exist, or read twice but after a kill.

  npm run bench:rotation -- [--rate N] [--seconds N] [--only TEXT]

  --rate N      lines a second, default 20000
  --seconds N   a style, default 6
  --only TEXT   styles whose name contains it`

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '6' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) {
  console.log(help)
} else {
  const columns = ['written', 'lost', 'repeated', 'broken', 'rotations', 'truncations'] as const
  console.log(['style'.padEnd(40), ...columns.map((column) => column.padStart(11))].join(''))
  for (const drill of drills.filter(({ name }) => name.includes(values.only))) {
    const outcome = await run(drill, Number(values.rate), Number(values.seconds))
    console.log([drill.name.padEnd(40), ...columns.map((column) => String(outcome[column]).padStart(11))].join(''))
    if (outcome.said !== '') console.log(outcome.said)
    const isLost = outcome.lost > 0 && !drill.style.startsWith('copytruncate, ')
    if (isLost || (outcome.repeated > 0 && drill.disturb !== 'kill')) process.exitCode = 1
  }
}

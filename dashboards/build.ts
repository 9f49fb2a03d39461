import { writeFileSync } from 'node:fs'
import { dashboards, text } from './all.ts'

// The files are committed: who installs a dashboard needs no Node, and reviews see what changed.
for (const [file, dashboard] of dashboards()) {
  writeFileSync(new URL(file, import.meta.url), text(dashboard))
  console.log(`dashboards/${file}`)
}

import { type DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import type { AnyPanel } from './panels.ts'

const columns = 24

/** A titled row of panels, in the order in which they are read; they wrap as words do. */
export interface Row {
  readonly title: string
  readonly panels: readonly AnyPanel[]
}

/** Puts the rows below each other. Ids are by place, so that links to a panel hold as long as nothing is put before it. */
export function place(dashboard: DashboardBuilder, rows: readonly Row[]): void {
  let y = 0
  for (const [index, row] of rows.entries()) {
    const firstId = (index + 1) * 100
    dashboard.withRow(new RowBuilder(row.title).id(firstId).gridPos({ x: 0, y: y++, w: columns, h: 1 }))
    let x = 0
    let lineHeight = 0
    for (const [place, panel] of row.panels.entries()) {
      const { w = columns, h = 8 } = panel.build().gridPos ?? {}
      if (x + w > columns) {
        x = 0
        y += lineHeight
        lineHeight = 0
      }
      dashboard.withPanel(panel.id(firstId + place + 1).gridPos({ x, y, w, h }))
      x += w
      lineHeight = Math.max(lineHeight, h)
    }
    y += lineHeight
  }
}

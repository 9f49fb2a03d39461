import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'

export const datasource = { type: 'prometheus', uid: '${datasource}' }
const cluster = '{{cluster}} {{kafka_cluster}}'

/** PromQL and what its series are called: labels in braces. The cluster's name comes first where it has one. */
export type Query = readonly [expression: string, legend: string]

export interface Tile {
  readonly title: string
  readonly description: string
  readonly queries: readonly Query[]
  /** Grid columns of 24, and rows. */
  readonly width: number
  readonly height: number
}

/** Lower bounds of the colours; the first one's has no meaning. */
export type Colours = readonly (readonly [colour: 'green' | 'orange' | 'red' | 'blue' | 'text', from: number])[]

export const noneIsGood: Colours = [
  ['green', 0],
  ['red', 1],
]
export const moreIsBetter: Colours = [
  ['red', 0],
  ['orange', 0],
  ['green', 1],
]
export const plain: Colours = [['blue', 0]]

export type Texts = Readonly<Record<string, readonly [text: string, colour: string]>>
export const upOrDown: Texts = { '1': ['up', 'green'], '0': ['down', 'red'] }

/** One number, or one a series. */
export function verdict(tile: Tile, colours: Colours, options: { texts?: Texts; unit?: string } = {}) {
  const panel = new stat.PanelBuilder()
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(tile.queries.length > 1 ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Auto)
    .mappings(mappings(options.texts))
  return finish(panel, tile, 'instant', colours, options.unit)
}

export function graph(tile: Tile, options: { unit?: string; min?: number; stacked?: boolean } = {}) {
  const panel = new timeseries.PanelBuilder()
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .fillOpacity(options.stacked === true ? 40 : 5)
    // A hole is what was not known; a line across it would claim that it was.
    .spanNulls(false)
  if (options.min !== undefined) panel.min(options.min)
  if (options.stacked === true) {
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))
  }
  return finish(panel, tile, 'range', plain, options.unit)
}

/** A bar a series, coloured by what it says at the time. */
export function states(tile: Tile, texts: Texts) {
  const panel = new statetimeline.PanelBuilder()
    .mappings(mappings(texts))
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.8)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).placement(common.LegendPlacement.Bottom).calcs([]))
  return finish(panel, tile, 'range', plain)
}

/** The queries' newest values side by side, a row for each set of labels; legends are the columns' names. */
export function list(tile: Tile, options: { unit?: string } = {}) {
  const { queries } = tile
  const refs = queries.map(([, name], index) => [queries.length === 1 ? 'Value' : `Value #${refId(index)}`, name])
  const panel = new table.PanelBuilder().transformations([
    ...(queries.length > 1 ? [{ id: 'merge', options: {} }] : []),
    {
      id: 'organize',
      options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(refs) as Record<string, string> },
    },
  ])
  return finish(panel, tile, 'table', plain, options.unit)
}

export type AnyPanel = ReturnType<typeof verdict | typeof graph | typeof states | typeof list>

/** What every panel has: a source that can be chosen, a description, a text for "nothing is known". */
function finish<
  P extends stat.PanelBuilder | timeseries.PanelBuilder | statetimeline.PanelBuilder | table.PanelBuilder,
>(
  panel: P,
  { title, description, queries, width, height }: Tile,
  kind: 'instant' | 'range' | 'table',
  colours: Colours,
  unit?: string,
): P {
  panel.title(title).description(description).datasource(datasource).span(width).height(height).noValue('not known')
  panel.thresholds(
    new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps(colours.map(([color, value], index) => ({ color, value: index === 0 ? null : value }))),
  )
  if (unit !== undefined) panel.unit(unit)
  for (const [index, [expression, legend]] of queries.entries()) {
    const query = new prometheus.DataqueryBuilder().datasource(datasource).expr(expression).refId(refId(index))
    if (kind === 'table') query.instant().format(prometheus.PromQueryFormat.Table)
    else if (kind === 'instant') query.instant().legendFormat(`${cluster} ${legend}`)
    else query.range().legendFormat(`${cluster} ${legend}`)
    panel.withTarget(query)
  }
  return panel
}

function refId(index: number): string {
  return String.fromCharCode(65 + index)
}

function mappings(texts: Texts = {}): dashboard.ValueMapping[] {
  if (Object.keys(texts).length === 0) return []
  const options = Object.fromEntries(
    Object.entries(texts).map(([value, [text, color]], index) => [value, { text, color, index }]),
  )
  return [{ type: dashboard.MappingType.ValueToText, options }]
}

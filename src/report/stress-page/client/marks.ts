import type uPlot from 'uplot'
import type { Chart } from './charts.ts'

/** Draws vertical lines, each with a word beside it that covers no other word. */
export function marksPlugin(
  marks: Chart['marks'],
  { stroke, back, font }: { readonly stroke: string; readonly back: string; readonly font: string },
): uPlot.Plugin {
  return { hooks: { draw: [(plot) => drawMarks(plot, marks, { stroke, back, font })] } }
}

function drawMarks(
  plot: uPlot,
  marks: Chart['marks'],
  { stroke, back, font }: { readonly stroke: string; readonly back: string; readonly font: string },
): void {
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  const placed = marks.map(({ at, label }) => ({ label, x: Math.round(plot.valToPos(at, 'x', true)) }))
  ctx.save()
  ctx.font = font.replace(/^\d+/, (size) => String(Math.round(Number(size) * scale)))
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  ctx.lineWidth = scale
  ctx.strokeStyle = stroke
  ctx.setLineDash([3 * scale, 3 * scale])
  ctx.beginPath()
  for (const { x } of placed) {
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
  }
  ctx.stroke()
  const taken: { readonly row: number; readonly start: number; readonly end: number }[] = []
  for (const { x, label } of placed) {
    const width = ctx.measureText(label).width
    const flips = x + width + 8 * scale > bbox.left + bbox.width
    const start = flips ? x - width - 4 * scale : x + 4 * scale
    const end = start + width
    let row = 0
    while (taken.some((other) => other.row === row && start < other.end + 6 * scale && other.start < end)) row++
    taken.push({ row, start, end })
    const y = bbox.top + (2 + row * 16) * scale
    ctx.globalAlpha = 0.85
    ctx.fillStyle = back
    ctx.fillRect(start - 2 * scale, y - scale, width + 4 * scale, 15 * scale)
    ctx.globalAlpha = 1
    ctx.fillStyle = stroke
    ctx.fillText(label, start, y)
  }
  ctx.restore()
}

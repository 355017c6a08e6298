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
  ctx.save()
  ctx.font = font.replace(/^\d+/, (size) => String(Math.round(Number(size) * scale)))
  ctx.textBaseline = 'top'
  ctx.lineWidth = scale
  ctx.setLineDash([3 * scale, 3 * scale])
  const taken: { readonly row: number; readonly end: number }[] = []
  for (const { at, label } of marks) {
    const x = Math.round(plot.valToPos(at, 'x', true))
    const width = ctx.measureText(label).width
    const flips = x + width + 8 * scale > bbox.left + bbox.width
    const start = flips ? x - width - 4 * scale : x + 4 * scale
    let row = 0
    while (taken.some((other) => other.row === row && start < other.end)) row++
    taken.push({ row, end: start + width + 6 * scale })
    ctx.strokeStyle = stroke
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
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

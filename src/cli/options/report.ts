import { UsageError } from '../../errors.ts'

/** A report beside the output. */
export interface ReportRequest<Form extends string> {
  readonly format: Form
  readonly file: string
}

/** A parser for `FORM=FILE` with one of the forms. */
export function parseReportFor<const Form extends string>(forms: readonly Form[]) {
  return (value: string, where: string): ReportRequest<Form> => {
    const [, form = '', file = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? []
    const format = forms.find((known) => known === form)
    if (format === undefined || file === '')
      throw new UsageError(
        `${where} ${value}: expected FORM=FILE with one of ${forms.join(', ')}, such as junit=report.xml.`,
      )
    return { format, file }
  }
}

import type { PaperSize, ReportBody } from './report.ts';
export const renderReport = (body: ReportBody, paper: PaperSize): Promise<Buffer> =>
  Promise.resolve(Buffer.from(`%PDF ${paper} ${JSON.stringify(body)}`));

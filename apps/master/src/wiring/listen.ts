import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { MasterService } from './master.service.js';

/** Begins to serve, and lets the other masters know where: of port 0 the system makes a real one. Returns the URL. */
export async function listen(app: NestExpressApplication, host: string, port: number): Promise<string> {
  await app.listen(port, host);
  const bound = app.getHttpServer().address() as AddressInfo;
  app.get(MasterService, { strict: false }).servesAt(`${host}:${bound.port}`);
  return app.getUrl();
}

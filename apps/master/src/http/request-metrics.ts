import { NextFunction, Request, Response } from 'express';
import { Histogram, Registry } from 'prom-client';

/**
 * Measures every answer by method, route (its pattern, so that names of jobs make no series of their own) and status.
 * Streams are left out: they last as long as somebody looks.
 */
export function requestMetrics(registry: Registry): (request: Request, response: Response, next: NextFunction) => void {
  const durations = new Histogram({
    name: 'fleetcron_http_request_duration_seconds',
    help: 'Time to answer an HTTP request, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return (request, response, next) => {
    const stop = durations.startTimer();
    response.once('finish', () => {
      const isStream = String(response.getHeader('Content-Type') ?? '').startsWith('text/event-stream');
      if (!isStream) {
        stop({ method: request.method, route: request.route?.path ?? 'none', status: response.statusCode });
      }
    });
    next();
  };
}

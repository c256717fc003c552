/** An answer that is no success, thrown from wherever it is decided. `fields` are validation errors by field. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, readonly string[]>>;

  constructor(status: number, message: string, fields: Readonly<Record<string, readonly string[]>> = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }

  /** The contract's error body. */
  get body(): Record<string, unknown> {
    return { message: this.message, error: NAMES[this.status] ?? 'Error', ...this.fields };
  }
}

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};
